// Owns trying again: when it helps, how long to wait, and when to stop.
import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError } from '@progy/protocol/errors.ts';
import { formatWait } from '../terminal/format.ts';
import { networkFault } from './network-error.ts';
import { NETWORK_POLICY, type Network, type NetworkPolicy } from './policy.ts';

/** How often to try again, and whom to tell. */
export interface Trying {
  readonly network: Network;
  /** Tries after the first. */
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** Runs an attempt, and repeats it after temporary failures. Only for requests that may be repeated. */
export async function withRetries<T>(attempt: () => Promise<T>, { network, retries, signal }: Trying): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = tried < retries ? waitBeforeRetry(error, tried, network.policy) : undefined;
      if (wait === undefined) throw error;
      network.say(retryNews(error, wait, `try ${tried + 2} of ${retries + 1}`));
      await delay(wait, undefined, { signal });
    }
  }
}

/** `The connection to https://… was lost. Trying again in 2 seconds (try 2 of 3).` */
export function retryNews(error: unknown, wait: number, tries: string): string {
  const why = error instanceof Error ? `${error.message}. ` : '';
  return `${why}Trying again in ${formatWait(Math.round(wait / 1000))} (${tries}).`;
}

/** What else counts for the wait. */
interface Circumstances {
  /** The attempt brought something before it failed: then silence may pass too. */
  readonly hasMoved?: boolean;
  readonly random?: () => number;
}

/**
 * Milliseconds to wait before trying again, or undefined if that would not help.
 * A busy registry says how long itself; otherwise waits double, with jitter so that a classroom does not retry all at once.
 * @param tried number of earlier retries.
 */
export function waitBeforeRetry(
  error: unknown,
  tried: number,
  { firstWaitMs, longestWaitMs }: NetworkPolicy = NETWORK_POLICY,
  { random = Math.random, hasMoved = false }: Circumstances = {},
): number | undefined {
  if (!isPassing(error) && !(hasMoved && networkFault(error) === 'silent')) return undefined;
  const told = error instanceof RegistryError ? error.evidence.retryAfterSeconds : undefined;
  const wait = typeof told === 'number' ? told * 1000 : firstWaitMs * 2 ** tried * (0.5 + random());
  return wait <= longestWaitMs ? wait : undefined;
}

function isPassing(error: unknown): boolean {
  if (error instanceof RegistryError) return error.code === 'UNAVAILABLE' || error.code === 'RATE_LIMITED';
  const fault = networkFault(error);
  return fault === 'reset' || fault === 'truncated';
}

/** Seconds of a Retry-After header, which holds seconds or a date. */
export function retryAfterSeconds(header: string | null | undefined, now: number = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
