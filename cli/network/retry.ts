// Owns trying again: when it helps, how long to wait, and when to stop.
import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError } from '@progy/protocol/errors.ts';
import { networkFault } from './network-error.ts';

const FIRST_WAIT_MS = 500;
/** Nobody waits longer than this at a terminal: the error says how long to wait instead. */
const LONGEST_WAIT_MS = 30_000;

/** Runs an attempt, and repeats it after temporary failures. Only for requests that may be repeated. */
export async function withRetries<T>(attempt: () => Promise<T>, retries: number, signal: AbortSignal): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = tried < retries ? waitBeforeRetry(error, tried) : undefined;
      if (wait === undefined) throw error;
      await delay(wait, undefined, { signal });
    }
  }
}

/**
 * Milliseconds to wait before trying again, or undefined if that would not help.
 * A busy registry says how long itself; otherwise waits double, with jitter so that a classroom does not retry all at once.
 * @param tried number of earlier retries.
 */
export function waitBeforeRetry(error: unknown, tried: number, random: () => number = Math.random): number | undefined {
  if (!isPassing(error)) return undefined;
  const told = error instanceof RegistryError ? error.evidence.retryAfterSeconds : undefined;
  const wait = typeof told === 'number' ? told * 1000 : FIRST_WAIT_MS * 2 ** tried * (0.5 + random());
  return wait <= LONGEST_WAIT_MS ? wait : undefined;
}

function isPassing(error: unknown): boolean {
  if (error instanceof RegistryError) return error.code === 'UNAVAILABLE' || error.code === 'RATE_LIMITED';
  return networkFault(error) === 'reset';
}

/** Seconds of a Retry-After header, which holds seconds or a date. */
export function retryAfterSeconds(header: string | null | undefined, now: number = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
