// Owns adding up downloads in memory until they are written: one number for each version and day.
import { type DownloadCount, downloadId, startOfDay } from '../../database/read/downloads.ts';

/** Downloads wait this long to be written together. The docs promise it. */
export const WRITTEN_AFTER_MS = 1_000;
/** Number of different versions that may wait; at this many, all are written immediately. */
const MAX_WAITING = 1_000;
/** A caller that promised to write and has not by then is gone, or the clock was set. */
const OVERDUE_MS = 10_000;

/** What to do after adding a download: nothing if a caller has already promised to write, else one of the others. */
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

  /** Returns the waiting downloads, which then count as written. */
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
