// Owns what names the state of npm's documents: their ETags.
import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { RegistryContext } from '../../context.ts';

type Settings = RegistryContext['settings'];

/** Raised when the shape of documents changes, so that what clients hold no longer counts as fresh. */
const DOCUMENT_FORMAT = 3;

/** How the bytes of a document are sent. */
export type Encoding = 'identity' | 'gzip';

/** A JSON document with what HTTP caching needs to know of it. */
export interface Document {
  /** Undefined: a copy that the client holds is still the same. */
  bytes: Uint8Array | undefined;
  encoding: Encoding;
  /** Of these bytes first, then of the same document sent otherwise: whoever holds one of them needs no other. */
  etags: readonly [string, ...string[]];
  isPublic: boolean;
  /** What a client shall print beside. */
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

/** The revision of which a client holds that part, as its ETags say; undefined where none of them is of ours. */
export function revisionIn(etags: readonly string[], settings: Settings, part: string): string | undefined {
  for (const etag of etags) {
    const revision = /^"([0-9a-f-]{36}-[0-9]+)-/.exec(etag)?.[1];
    if (revision !== undefined && etagsOf(settings, revision, part, 'identity').includes(etag)) return revision;
  }
  return undefined;
}

const shapes = new WeakMap<Settings, string>();

/** What documents depend on beside their rows. */
function shapeOf(settings: Settings): string {
  const known = shapes.get(settings);
  if (known !== undefined) return known;
  const shape = sha256Hex(`${DOCUMENT_FORMAT} ${settings.origin}`, nodePlatform).slice(0, 12);
  shapes.set(settings, shape);
  return shape;
}
