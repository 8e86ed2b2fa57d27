// Owns getting a course from a registry through pacote: choosing the version, and downloading its tarball.
import type { Agent } from 'node:http';
import { compareVersions, tryParseVersion } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { Tarballs } from '../cache/tarballs.ts';
import { CliError } from '../cli-error.ts';
import { agentFor } from '../network/agent.ts';
import type { CacheUse } from '../network/kept-exchange.ts';
import { namingRegistry } from '../network/network-error.ts';
import { orAborted } from '../network/or-aborted.ts';
import { NETWORK_POLICY, QUIET_NETWORK } from '../network/policy.ts';
import { withRetries } from '../network/retry.ts';
import type { Handling, Received } from '../network/tarball-bytes.ts';
import type { Report } from '../terminal/progress.ts';
import { errorIn, redirected } from './answers.ts';
import { type Registry, tokenKey } from './choice.ts';
import { checkManifest, type ResolvedCourse } from './resolved-course.ts';
import type { CourseSpec } from './spec.ts';
import { downloadTarball, receiveKept } from './tarball.ts';
import { onlyYanked, yankedOf } from './version-notes.ts';

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
   * @throws EINTEGRITY if the second try fails too; what the handler throws, if the bytes were right.
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
  /** By default, the registry is asked what is new. */
  readonly use?: CacheUse;
  /** Hears of the bytes of a tarball. */
  readonly report?: Report;
}

export function createCourseSource(registry: Registry, means: SourceMeans, signal: AbortSignal): CourseSource {
  const { cache, use = 'usual', report = () => {} } = means;
  const { network = QUIET_NETWORK } = registry;
  const { policy } = network;
  const tarballs = new Tarballs(cache);
  const agentNow = async () => means.agent ?? agentFor(registry.url, policy);
  const finish = <T>(work: Promise<T>, ending: AbortSignal) =>
    orAborted(work, ending).catch((error: unknown) => {
      throw namingRegistry(registry.label, registryError(error, registry));
    });
  const ask = async <T>(question: (options: PacoteOptions) => Promise<T>, use: CacheUse) => {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(policy.answerMs)]);
    const agent = registry.token === undefined ? await agentNow() : keepingToken(await agentNow(), registry);
    const options = { ...pacoteOptions(registry, cache), signal: ending, agent, ...ASKING[use] };
    return finish(question(options), ending);
  };
  const askAgain = <T>(question: (options: PacoteOptions) => Promise<T>) =>
    withRetries(() => ask(question, use), { network, retries: policy.retries, signal });
  return {
    resolve: (spec) => askAgain((options) => resolveCourse(spec, registry, options)),
    versions: (name) => askAgain((options) => versionsOf(name, options)),
    recall: (spec) => ask((options) => resolveCourse(spec, registry, options), 'only').catch(() => undefined),
    async receive(wanted, handling) {
      const kept = await receiveKept(wanted, handling, { tarballs, signal });
      if (kept !== undefined) return kept;
      if (wanted.isKept || use === 'only')
        throw new CliError('OFFLINE', `${wanted.name} is not in the cache on this machine`);
      const downloading = { registry, tarballs, signal, report, agent: await agentNow() };
      return finish(downloadTarball(wanted, handling, downloading), signal);
    },
  };
}

/** "latest" must be today's; an unchanged answer costs a 304. */
const ASKING = { usual: { preferOnline: true }, preferred: { preferOffline: true }, only: { offline: true } } as const;

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

type PacoteOptions = ReturnType<typeof pacoteOptions> & { readonly agent: Agent; readonly signal: AbortSignal };

async function versionsOf(name: string, options: PacoteOptions): Promise<string[]> {
  const { default: pacote } = await import('pacote');
  const { versions } = await pacote.packument(name, options);
  const yanked = yankedOf(versions);
  const open = Object.keys(versions).filter((version) => !yanked.includes(version) && tryParseVersion(version));
  return open.sort(compareVersions).reverse();
}

/** The token is an option for this registry alone, under the key npm uses, so pacote sends it nowhere else. */
function pacoteOptions(registry: Registry, cache: string) {
  return {
    cache,
    registry: registry.url,
    // The abbreviated form lacks signatures and the tree hash.
    fullMetadata: true,
    replaceRegistryHost: 'never',
    userAgent: 'progy',
    // Where agents do not count (Bun), this ends the wait for an answer.
    timeout: registry.network?.policy.idleMs ?? NETWORK_POLICY.idleMs,
    // Trying again is ours.
    retry: { retries: 0 },
    ...(registry.token === undefined ? {} : { [tokenKey(registry.url)]: registry.token }),
  };
}

/**
 * The agent, for requests with a token: it refuses a redirect to another port or protocol of the registry's host, to which
 * make-fetch-happen would take the token along. To other hosts it takes none.
 */
function keepingToken(agent: Agent, { url, label }: Registry): Agent {
  const { hostname, origin } = new URL(url);
  const choose = (target: URL): Agent => {
    if (target.hostname === hostname && target.origin !== origin) throw redirected(label, target.origin);
    return agent;
  };
  // minipass-fetch calls a function for each address; the types of pacote know of no functions.
  return choose as unknown as Agent;
}

/** An error of npm-registry-fetch, as far as its fields are known. */
interface FetchError extends Error {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** JSON, or bytes. */
  readonly body?: unknown;
}

/** What the registry answered, as an error of ours; any other error as it is. */
function registryError(error: unknown, { label }: Registry): unknown {
  if (!(error instanceof Error)) return error;
  const { statusCode: status, headers, body, message } = error as FetchError;
  if (/invalid json response body/i.test(message)) {
    return new CliError('NOT_A_REGISTRY', `${label} is not a registry: its answer is not JSON`);
  }
  if (status === undefined) return error;
  const text = body instanceof Uint8Array ? Buffer.from(body).toString() : JSON.stringify(body ?? {});
  const said = errorIn({ status, header: (name) => headers?.[name]?.[0], text }, label);
  return said instanceof RegistryError && said.code === 'NOT_FOUND' ? new RegistryError('PACKAGE_NOT_FOUND') : said;
}
