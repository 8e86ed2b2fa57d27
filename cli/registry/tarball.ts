// Owns getting a tarball: from the cache, or over the network, going on where an earlier try broke off.
import type { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from '../cache/part.ts';
import type { Tarballs, Wanted } from '../cache/tarballs.ts';
import { CliError } from '../cli-error.ts';
import { type Exchanged, exchange } from '../network/exchange.ts';
import { namingRegistry, networkFault } from '../network/network-error.ts';
import { QUIET_NETWORK } from '../network/policy.ts';
import { retryNews, waitBeforeRetry } from '../network/retry.ts';
import { type Handling, handleBytes, type Received, wrongBytes } from '../network/tarball-bytes.ts';
import type { Report } from '../terminal/progress.ts';
import { readAnswer, readText } from './answers.ts';
import type { Registry } from './choice.ts';

/** What getting a tarball needs. */
export interface TarballMeans {
  readonly registry: Registry;
  readonly tarballs: Tarballs;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  /** Hears of the bytes that have arrived. */
  readonly report: Report;
}

/** A download that keeps breaking off is given up after so many requests, even if each brings something. */
const MOST_REQUESTS = 10;

/**
 * Takes a tarball from the cache. Damaged content is removed.
 * @returns undefined if it is not there.
 */
export async function receiveKept<T>(
  wanted: Wanted,
  handling: Handling<T>,
  { tarballs, signal }: Pick<TarballMeans, 'tarballs' | 'signal'>,
): Promise<Received<T> | undefined> {
  const found = await tarballs.find(wanted);
  if (found === undefined) return undefined;
  try {
    return await tarballs.use(found, (bytes) => handleBytes(bytes, handling, wanted.integrity, signal));
  } catch (error) {
    if (!isDamage(error) && !isMissing(error)) throw error;
    await tarballs.drop(found);
    return undefined;
  }
}

/** Downloads a tarball and keeps it in the cache: after wrong bytes once more, from the start. */
export async function downloadTarball<T>(
  wanted: Wanted,
  handling: Handling<T>,
  means: TarballMeans,
): Promise<Received<T>> {
  try {
    return await download(wanted, handling, means);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return download(wanted, handling, means);
  }
}

async function download<T>(
  { resolved, integrity }: Wanted,
  handling: Handling<T>,
  means: TarballMeans,
): Promise<Received<T>> {
  const { tarballs, signal } = means;
  const part = await tarballs.claimPart(resolved);
  try {
    const received = await handleBytes(new Arriving(resolved, part, means).bytes(), handling, integrity, signal);
    await tarballs.add(part, resolved, received.integrity);
    return received;
  } catch (error) {
    // Only what the network interrupted, or the person, is worth going on with.
    if (networkFault(error) === undefined && !signal.aborted) await part.discard();
    throw error;
  } finally {
    await part.release();
  }
}

/** Bytes that arrive, over as many requests as it takes. */
class Arriving {
  readonly #url: string;
  readonly #part: Part;
  readonly #means: TarballMeans;
  /** Bytes passed on so far. */
  #offset = 0;
  #requests = 0;

  constructor(url: string, part: Part, means: TarballMeans) {
    this.#url = url;
    this.#part = part;
    this.#means = means;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    yield* this.#counted(this.#part.read());
    for (let failures = 0; ; failures++) {
      const before = this.#offset;
      try {
        yield* this.#counted(this.#rest());
        return;
      } catch (error) {
        if (this.#offset > before) failures = 0;
        await this.#wait(error, failures, this.#offset > before);
      }
    }
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#offset += chunk.length;
      yield chunk;
    }
  }

  /** Waits before the next request, or throws the error if there should be none. */
  async #wait(error: unknown, failures: number, hasMoved: boolean): Promise<void> {
    const { registry, signal } = this.#means;
    const { policy, say } = registry.network ?? QUIET_NETWORK;
    signal.throwIfAborted();
    const isWorthIt = failures < policy.retries && this.#requests < MOST_REQUESTS;
    const wait = isWorthIt ? waitBeforeRetry(error, failures, policy, { hasMoved }) : undefined;
    if (wait === undefined) throw error;
    say(retryNews(namingRegistry(registry.label, error), wait, `try ${this.#requests + 1}`));
    await delay(wait, undefined, { signal });
  }

  /** What one more request brings. */
  async *#rest(): AsyncGenerator<Uint8Array> {
    const offset = this.#offset;
    const answer = await this.#ask(offset);
    if (isWhole(answer, offset)) return;
    if (answer.status === 200) await this.#beginAgain(answer, offset);
    else if (!beginsAt(answer, offset)) await refuse(answer, this.#means.registry);
    const total = totalOf(answer, offset);
    let position = answer.status === 200 ? 0 : offset;
    for await (const chunk of answer.body) {
      const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, offset - position)));
      position += chunk.length;
      if (fresh.length === 0) continue;
      this.#part.append(fresh);
      yield fresh;
      if (total !== undefined) this.#means.report(position, total);
    }
  }

  #ask(offset: number): Promise<Exchanged> {
    const { registry, agent, signal } = this.#means;
    const { etag } = this.#part;
    this.#requests++;
    return exchange(this.#url, {
      method: 'GET',
      agent,
      signal,
      policy: registry.network?.policy,
      headers: {
        'user-agent': 'progy',
        // The compressed file itself is wanted, and its bytes are counted.
        'accept-encoding': 'identity',
        ...(registry.token === undefined ? {} : { authorization: `Bearer ${registry.token}` }),
        ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
        ...(offset === 0 || etag === undefined ? {} : { 'if-range': etag }),
      },
    });
  }

  /** The answer is the whole tarball. What was passed on already is skipped, unless it was of another one. */
  async #beginAgain(answer: Exchanged, offset: number): Promise<void> {
    const etag = answer.header('etag');
    if (/html/i.test(answer.header('content-type') ?? '')) await refuse(answer, this.#means.registry);
    if (offset > 0) {
      if (etag === this.#part.etag) return;
      throw wrongBytes();
    }
    if (!/\bno-store\b/i.test(answer.header('cache-control') ?? '')) await this.#part.begin(etag);
  }
}

/** Nothing is left to send: the registry says so with 416, and its size. */
function isWhole(answer: Exchanged, offset: number): boolean {
  return answer.status === 416 && offset > 0 && answer.header('content-range') === `bytes */${offset}`;
}

function beginsAt({ status, header }: Exchanged, offset: number): boolean {
  return status === 206 && header('content-range')?.startsWith(`bytes ${offset}-`) === true;
}

/** Bytes of the whole tarball, if the answer says so. */
function totalOf({ status, header }: Exchanged, offset: number): number | undefined {
  const length = Number(header('content-length') ?? Number.NaN);
  if (Number.isNaN(length)) return undefined;
  return status === 206 ? offset + length : length;
}

async function refuse(answer: Exchanged, { label }: Registry): Promise<never> {
  const { status, header } = answer;
  readAnswer({ status, header, text: await readText(answer.body, label) }, label);
  throw new CliError('NOT_A_REGISTRY', `${label} answered with something other than a course (status ${status})`);
}

/** Of content in the cache, or of what arrived. */
function isDamage(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === 'EINTEGRITY' || code === 'EBADSIZE';
}

/** Another process may have removed content since it was found. */
function isMissing(error: unknown): boolean {
  return (Object(error) as { code?: unknown }).code === 'ENOENT';
}
