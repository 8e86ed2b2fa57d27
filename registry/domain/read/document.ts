// Owns the ETags of npm's documents.
import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { RegistryContext } from '../../context.ts';

type Settings = RegistryContext['settings'];

/** Raised when the shape of documents changes, so that clients' copies become stale. */
const DOCUMENT_FORMAT = 3;

/** Content encoding of a document. */
export type Encoding = 'identity' | 'gzip';

/** A JSON document, with what HTTP caching needs to know about it. */
export interface Document {
  /** Undefined: the client's copy is still current. */
  bytes: Uint8Array | undefined;
  encoding: Encoding;
  /** The ETag of these bytes first, then of the same document in the other encoding: either copy is current. */
  etags: readonly [string, ...string[]];
  isPublic: boolean;
  /** Message for the client to print. */
  notice?: string;
}

/** The ETag of a part of a course at a revision: one of its packuments, or the manifest of a version. */
export function etagOf(settings: Settings, revision: string, part: string, encoding: Encoding = 'identity'): string {
  return `"${revision}-${part}-${shapeOf(settings)}${encoding === 'gzip' ? '-gzip' : ''}"`;
}

/** The same ETags, those of `encoding` first. */
export function etagsOf(settings: Settings, revision: string, part: string, encoding: Encoding): [string, string] {
  const [plain, gzip] = [etagOf(settings, revision, part), etagOf(settings, revision, part, 'gzip')];
  return encoding === 'gzip' ? [gzip, plain] : [plain, gzip];
}

/** The revision of the client's copy of that part, from its ETags; undefined if none of them is ours. */
export function revisionIn(etags: readonly string[], settings: Settings, part: string): string | undefined {
  for (const etag of etags) {
    const revision = /^"([0-9a-f-]{36}-[0-9]+)-/.exec(etag)?.[1];
    if (revision !== undefined && etagsOf(settings, revision, part, 'identity').includes(etag)) return revision;
  }
  return undefined;
}

const shapes = new WeakMap<Settings, string>();

/** What documents depend on besides their rows. */
function shapeOf(settings: Settings): string {
  const known = shapes.get(settings);
  if (known !== undefined) return known;
  const shape = sha256Hex(`${DOCUMENT_FORMAT} ${settings.origin}`, nodePlatform).slice(0, 12);
  shapes.set(settings, shape);
  return shape;
}
