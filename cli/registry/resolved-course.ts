// Owns what one version of a course must say before anything of it is used: npm's manifest from a registry, checked.
import { quote } from '@progy/protocol/quote.ts';
import type { ProgyDist, VersionNotes } from '@progy/protocol/wire/packument.ts';
import type { Signature } from '@progy/protocol/wire/signature.ts';
import type { AbbreviatedManifest, PackageDist } from 'pacote';
import ssri from 'ssri';
import { CliError } from '../cli-error.ts';
import type { Registry } from './choice.ts';
import { notesOf } from './version-notes.ts';

/** One version of a course, with everything needed to download and check it. */
export interface ResolvedCourse extends VersionNotes {
  readonly name: string;
  readonly version: string;
  /** URL of the tarball. */
  readonly resolved: string;
  /** SRI sha512 of the tarball. */
  readonly integrity: string;
  /** The versions of progy that it asks for: engines.progy of course.json. Not checked yet. */
  readonly engine?: string;
  /** Tree hash of the course, if the registry sends it. */
  readonly tree?: string;
  /** The registry's signatures of the integrity; not checked yet. */
  readonly signatures: readonly Signature[];
  /** The registry's time of publication; an invalid date if it sends none. */
  readonly publishedAt: Date;
  /** Bytes of the files in the tarball, if the registry sends them. For people only: nothing relies on them. */
  readonly unpackedSize?: number;
}

/**
 * Checks the manifest of a course: pacote accepts one without an integrity, and follows any tarball URL.
 * @param name `@scope/slug`, as it was asked for.
 * @throws {CliError} UNSAFE_ANSWER.
 */
export function checkManifest(manifest: AbbreviatedManifest, name: string, registry: Registry): ResolvedCourse {
  const { version, dist } = manifest;
  const spec = quote(`${name}@${version}`);
  if (manifest.name !== name) throw unsafe(`The registry answered with another course than ${name}`);
  const integrity = ssri.parse(dist?.integrity ?? '')?.sha512?.join(' ');
  if (!integrity) throw unsafe(`The registry states no sha512 integrity for ${spec}`);
  const resolved = checkOrigin(dist.tarball, registry);
  const tree = treeOf(dist);
  return {
    name,
    version,
    resolved,
    integrity,
    tree,
    ...sizeOf(dist),
    ...engineOf(manifest),
    ...signaturesOf(manifest),
    ...notesOf(manifest),
  };
}

function checkOrigin(tarball: unknown, registry: Registry): string {
  const url = URL.parse(String(tarball));
  const { origin } = new URL(registry.url);
  if (url?.origin === origin) return url.href;
  const other = quote(url?.origin ?? String(tarball));
  throw unsafe(
    `The registry at ${origin} keeps its downloads at ${other}, and only one address is trusted`,
    `If you trust that address, use it for all: --registry ${other}`,
  );
}

/** npm's types lack signatures and the time that pacote copies from the packument. Malformed signatures count as none. */
function signaturesOf({
  dist,
  _time,
}: AbbreviatedManifest & { dist: { signatures?: unknown }; _time?: unknown }): Pick<
  ResolvedCourse,
  'signatures' | 'publishedAt'
> {
  const listed: unknown[] = Array.isArray(dist.signatures) ? dist.signatures : [];
  const signatures = listed.map((entry) => {
    const { keyid, sig } = Object(entry) as Partial<Record<keyof Signature, unknown>>;
    return { keyid: String(keyid), sig: String(sig) };
  });
  return { signatures, publishedAt: new Date(String(_time)) };
}

/** `progy.engine` of npm's manifest of a course, where the registry puts engines.progy. Manifests come from strangers. */
function engineOf(manifest: object): { engine?: string } {
  const { progy } = manifest as { progy?: unknown };
  const { engine } = Object(progy) as { engine?: unknown };
  return typeof engine === 'string' ? { engine } : {};
}

function sizeOf({ unpackedSize }: PackageDist): Pick<ResolvedCourse, 'unpackedSize'> {
  return Number.isSafeInteger(unpackedSize) && Number(unpackedSize) >= 0 ? { unpackedSize } : {};
}

/** npm's types lack our own part of `dist`. */
function treeOf(dist: PackageDist & { progy?: Partial<ProgyDist> }): string | undefined {
  const tree = dist.progy?.tree;
  return typeof tree === 'string' ? tree : undefined;
}

function unsafe(message: string, next?: string): CliError {
  return new CliError('UNSAFE_ANSWER', message, next);
}
