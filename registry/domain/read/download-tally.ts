// Owns adding up downloads in memory until they are written: one number for each version and day.
import { type DownloadCount, downloadId, startOfDay } from '../../database/read/downloads.ts';

/** So long downloads wait to be written together. The docs promise it. */
export const WRITTEN_AFTER_MS = 1_000;
/** Different versions that may wait; more are written at once. */
const MAX_WAITING = 1_000;
/** Whoever promised to write and has not by then is gone, or the clock was set. */
const OVERDUE_MS = 10_000;

/** What to do about a download that was added: nothing, for somebody has promised to write, or one of the others. */
export type NextStep = 'nothing' | 'write soon' | 'write now';

/** The downloads of an isolate since it last wrote. */
export class DownloadTally {
  #waiting = new Map<string, DownloadCount>();
  #promisedAt: number | undefined;

  /** Adds a download. With `write soon` the caller promises to write after {@link WRITTEN_AFTER_MS}. */
  add(packageId: string, versionId: string, now: Date): NextStep {
    const day = startOfDay(now);
    const key = downloadId(versionId, day);
    const before = this.#waiting.get(key)?.count ?? 0;
    this.#waiting.set(key, { packageId, versionId, day, count: before + 1 });
    if (this.#waiting.size >= MAX_WAITING) return 'write now';
    if (this.#isPromised(now)) return 'nothing';
    this.#promisedAt = now.getTime();
    return 'write soon';
  }

  /** Hands over what waits; it counts as written. */
  take(): DownloadCount[] {
    const taken = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#promisedAt = undefined;
    return taken;
  }

  #isPromised(now: Date): boolean {
    return this.#promisedAt !== undefined && Math.abs(now.getTime() - this.#promisedAt) < OVERDUE_MS;
  }
}
