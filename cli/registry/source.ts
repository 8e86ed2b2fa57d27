// Owns getting a course from a registry through pacote: choosing the version, and downloading its tarball.
import type { Agent } from 'node:http';
import type { Transform } from 'node:stream';
import { compareVersions, tryParseVersion } from '@progy/protocol/course/version.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { ProgyDist, VersionNotes } from '@progy/protocol/wire/packument.ts';
import type { Signature } from '@progy/protocol/wire/signature.ts';
import type { AbbreviatedManifest, PackageDist } from 'pacote';
import ssri from 'ssri';
import { CliError } from '../cli-error.ts';
import { namingRegistry } from '../network/network-error.ts';
import { orAborted } from '../network/or-aborted.ts';
import { type Handling, handleBytes, type Received } from '../network/tarball-bytes.ts';
import { type Registry, tokenKey } from './choice.ts';
import type { CourseSpec } from './spec.ts';
import { notesOf, onlyYanked, yankedOf } from './version-notes.ts';

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
}

export interface CourseSource {
  /**
   * Asks the registry which version a spec means. Only an exact version may be yanked.
   * @throws pacote's errors (E404, ETARGET …), which `explainError` knows; {CliError} UNSAFE_ANSWER, YANKED.
   */
  resolve(spec: CourseSpec): Promise<ResolvedCourse>;
  /** The versions of a course that are not yanked, the highest first. Throws as `resolve` does. */
  versions(name: string): Promise<string[]>;
  /**
   * Gets a tarball from the cache or the network, and passes it on as it arrives: after damaged bytes once more, from the
   * start. When this returns, the result comes from the right bytes.
   * @throws pacote's EINTEGRITY if the second try fails too; what the handler throws, if the bytes were right.
   */
  receive<T>(tarball: TarballAddress, handling: Handling<T>): Promise<Received<T>>;
  /** Resolves a spec from the cache alone, as if the registry had changed nothing since. Undefined if it cannot. */
  recall(spec: CourseSpec): Promise<ResolvedCourse | undefined>;
}

/** The location of a tarball. */
export interface TarballAddress {
  readonly name: string;
  /** Its URL. */
  readonly resolved: string;
  /** SRI sha512. Without one, any bytes are accepted, and the caller compares them. */
  readonly integrity?: string;
  /** True: take it from the cache or fail, but make no request. */
  readonly isKept?: boolean;
}

/** What a source needs besides a registry. */
export interface SourceMeans {
  /** The Progy cache folder. */
  readonly cache: string;
  /** Undefined: pacote's own. */
  readonly agent?: Agent;
}

export function createCourseSource(
  registry: Registry,
  { cache, agent }: SourceMeans,
  signal: AbortSignal,
): CourseSource {
  const options = { ...pacoteOptions(registry, cache, signal), agent };
  // "latest" must be today's; an unchanged answer costs a 304.
  const asking = { ...options, preferOnline: true };
  const finish = <T>(work: Promise<T>) =>
    orAborted(work, signal).catch((error: unknown) => {
      throw namingRegistry(registry.label, error);
    });
  return {
    resolve: (spec) => finish(resolveCourse(spec, registry, asking)),
    recall: (spec) => resolveCourse(spec, registry, { ...options, offline: true }).catch(() => undefined),
    versions: (name) => finish(versionsOf(name, asking)),
    async receive({ name, resolved, integrity, isKept }, handling) {
      const { default: pacote } = await import('pacote');
      let last: Promise<unknown> | undefined;
      const attempt = (tarball: Transform) => {
        const handled = handleBytes(tarball, handling, integrity, signal);
        last = handled;
        return handled;
      };
      // Given its URL, pacote takes the tarball from the cache without requesting the packument again.
      const fetching = pacote.tarball.stream(`${name}@${resolved}`, attempt, {
        ...options,
        resolved,
        integrity,
        offline: isKept,
      });
      return finish(fetching).finally(() => last?.catch(() => {}));
    },
  };
}

/** The version that pacote picks; if it is yanked, the best of the others. */
async function resolveCourse(
  { name, wanted, kind }: CourseSpec,
  registry: Registry,
  options: PacoteOptions,
): Promise<ResolvedCourse> {
  const { default: pacote } = await import('pacote');
  const pick = async (avoid?: string) => {
    const manifest = await pacote.manifest(`${name.full}@${wanted}`, { ...options, avoid } as typeof options);
    return checkManifest(manifest, name.full, registry);
  };
  const course = await pick();
  if (course.yanked === undefined || kind === 'version') return course;
  const { versions } = await pacote.packument(name.full, options);
  const other = await pick(yankedOf(versions).join(' || '));
  if (other.yanked !== undefined) throw onlyYanked(`${other.name}@${other.version}`, other, registry);
  return other;
}

type PacoteOptions = ReturnType<typeof pacoteOptions> & {
  readonly agent?: Agent;
  readonly preferOnline?: boolean;
  readonly offline?: boolean;
};

async function versionsOf(name: string, options: PacoteOptions): Promise<string[]> {
  const { default: pacote } = await import('pacote');
  const { versions } = await pacote.packument(name, options);
  const yanked = yankedOf(versions);
  const open = Object.keys(versions).filter((version) => !yanked.includes(version) && tryParseVersion(version));
  return open.sort(compareVersions).reverse();
}

/** The token is an option for this registry alone, under the key npm uses, so pacote sends it nowhere else. */
function pacoteOptions(registry: Registry, cache: string, signal: AbortSignal) {
  return {
    cache,
    signal,
    registry: registry.url,
    // The abbreviated form lacks signatures and the tree hash.
    fullMetadata: true,
    replaceRegistryHost: 'never',
    userAgent: 'progy',
    timeout: 60_000,
    // Jitter, so that a classroom does not retry all at once.
    retry: { retries: 2, factor: 3, minTimeout: 250, maxTimeout: 5_000, randomize: true },
    ...(registry.token === undefined ? {} : { [tokenKey(registry.url)]: registry.token }),
  };
}

/** pacote checks nothing if a manifest has no integrity, and follows any tarball URL: both are refused here. */
function checkManifest(manifest: AbbreviatedManifest, name: string, registry: Registry): ResolvedCourse {
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

/** npm's types lack our own part of `dist`. */
function treeOf(dist: PackageDist & { progy?: Partial<ProgyDist> }): string | undefined {
  const tree = dist.progy?.tree;
  return typeof tree === 'string' ? tree : undefined;
}

function unsafe(message: string, next?: string): CliError {
  return new CliError('UNSAFE_ANSWER', message, next);
}
