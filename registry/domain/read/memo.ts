// Owns caching rows for a moment, for rows that everybody may see.
import { LRUCache } from 'lru-cache';

/** An answer may be this much older than the database. The docs promise it. */
export const FRESH_MS = 1_000;

/** Limit for all entries of one kind together. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Size of an entry with its key, without its texts. */
const OVERHEAD_BYTES = 1_000;

/** Stores the value read for a key. */
export type Remember<T> = (key: string, value: T) => void;

/** Rows by key, each kept for {@link FRESH_MS}. */
export class Memo<T extends object> {
  readonly #entries: LRUCache<string, { value: T; askedAt: number }>;
  #writes = 0;

  /** @param textBytes estimates the size of those texts of a value that have no small bound of their own. */
  constructor(textBytes: (value: T) => number) {
    this.#entries = new LRUCache({
      maxSize: MAX_BYTES,
      sizeCalculation: ({ value }) => OVERHEAD_BYTES + textBytes(value),
    });
  }

  get(key: string, now: Date): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const age = now.getTime() - entry.askedAt;
    return age >= 0 && age < FRESH_MS ? entry.value : undefined;
  }

  /**
   * Call before reading a row: its age counts from here. A read that began before a write of this isolate ended, and
   * returned after it, is not cached.
   */
  asking(now: Date): Remember<T> {
    const [askedAt, writes] = [now.getTime(), this.#writes];
    return (key, value) => {
      if (writes === this.#writes) this.#entries.set(key, { value, askedAt });
    };
  }

  /** Call after a write. */
  forget(): void {
    this.#writes++;
    this.#entries.clear();
  }
}
