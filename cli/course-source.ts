// Owns getting a course from a registry through pacote: choosing the version, and a verified tarball on disk.
import { open } from 'node:fs/promises';
import { LIMITS } from '@progy/protocol/course-files.ts';
import { printable } from '@progy/protocol/printable.ts';
import type { AbbreviatedManifest, PackageDist } from 'pacote';
import ssri from 'ssri';
import { CliError } from './cli-error.ts';
import type { CourseSpec } from './course-spec.ts';
import { namingRegistry } from './network-error.ts';
import { type Registry, tokenKey } from './registry-choice.ts';

/** One version of a course, with all that is needed to get it and to check it. */
export interface ResolvedCourse {
  readonly name: string;
  readonly version: string;
  /** URL of the tarball. */
  readonly resolved: string;
  /** SRI sha512 of the tarball. */
  readonly integrity: string;
  /** Tree hash of the course, where the registry tells it. */
  readonly tree?: string;
}

export interface CourseSource {
  /**
   * Asks the registry which version a spec means.
   * @throws pacote's errors (E404, ETARGET …), which `explainError` knows; {CliError} UNSAFE_ANSWER.
   */
  resolve(spec: CourseSpec): Promise<ResolvedCourse>;
  /**
   * Writes the tarball to a file, from the cache or the network. The bytes match the integrity when this returns.
   * @throws pacote's EINTEGRITY after one more try.
   */
  download(course: ResolvedCourse, file: string): Promise<void>;
}

/** @param cache the Progy cache folder. */
export function createCourseSource(registry: Registry, cache: string, signal: AbortSignal): CourseSource {
  const options = pacoteOptions(registry, cache, signal);
  const rethrow = (error: unknown) => {
    throw namingRegistry(registry.label, error);
  };
  return {
    async resolve({ name, wanted }) {
      const { default: pacote } = await import('pacote');
      // preferOnline: "latest" must be today's; an unchanged answer costs a 304.
      const asking = pacote.manifest(`${name.full}@${wanted}`, { ...options, preferOnline: true });
      const manifest = await asking.catch(rethrow);
      return checkManifest(manifest, name.full, registry);
    },
    async download({ name, resolved, integrity }, file) {
      const { default: pacote } = await import('pacote');
      // Named by its URL, the tarball is taken from the cache without asking for the packument again.
      const spec = `${name}@${resolved}`;
      const fetching = pacote.tarball.stream(spec, (tarball) => save(tarball, file), {
        ...options,
        resolved,
        integrity,
      });
      await fetching.catch(rethrow);
    },
  };
}

/** The token is an option for this registry alone, under the key npm uses, so pacote sends it nowhere else. */
function pacoteOptions(registry: Registry, cache: string, signal: AbortSignal) {
  return {
    cache,
    signal,
    registry: registry.url,
    replaceRegistryHost: 'never',
    userAgent: 'progy',
    timeout: 60_000,
    fetchRetries: 2,
    fetchRetryFactor: 3,
    fetchRetryMintimeout: 500,
    fetchRetryMaxtimeout: 5_000,
    ...(registry.token === undefined ? {} : { [tokenKey(registry.url)]: registry.token }),
  };
}

/** pacote checks nothing where a manifest states no integrity, and follows any tarball URL: both are refused here. */
function checkManifest(manifest: AbbreviatedManifest, name: string, registry: Registry): ResolvedCourse {
  const { version, dist } = manifest;
  const spec = printable(`${name}@${version}`);
  if (manifest.name !== name) throw unsafe(`The registry answered with another course than ${name}`);
  const integrity = ssri.parse(dist?.integrity ?? '')?.sha512?.join(' ');
  if (!integrity) throw unsafe(`The registry states no sha512 integrity for ${spec}`);
  return { name, version, resolved: checkOrigin(dist.tarball, registry), integrity, tree: treeOf(dist) };
}

function checkOrigin(tarball: unknown, registry: Registry): string {
  const url = URL.parse(String(tarball));
  const { origin } = new URL(registry.url);
  if (url?.origin === origin) return url.href;
  const other = printable(url?.origin ?? String(tarball));
  throw unsafe(
    `The registry at ${origin} keeps its downloads at ${other}, and only one address is trusted`,
    `If you trust that address, use it for all: --registry ${other}`,
  );
}

/** npm's types do not know our own part of `dist`. */
function treeOf(dist: PackageDist & { progy?: { tree?: unknown } }): string | undefined {
  const tree = dist.progy?.tree;
  return typeof tree === 'string' ? tree : undefined;
}

/** pacote calls this again after damaged bytes, so it starts the file anew. */
async function save(tarball: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, 'w');
  let size = 0;
  try {
    for await (const chunk of tarball) {
      size += chunk.length;
      if (size > LIMITS.unpackedBytes) throw unsafe('The download is larger than any course may be');
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}

function unsafe(message: string, next?: string): CliError {
  return new CliError('UNSAFE_ANSWER', message, next);
}
