// Owns remembering for a moment what a row said, for rows that everybody may see.
import { LRUCache } from 'lru-cache';

/** So long may an answer be older than what is stored. The docs promise it. */
export const FRESH_MS = 1_000;

/** All of one kind together weigh at most this much. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Of an entry with its key, beside the texts in it. */
const OVERHEAD_BYTES = 1_000;

/** Notes what the question was answered with. */
export type Remember<T> = (key: string, value: T) => void;

/** What rows said, by what was asked for, each for {@link FRESH_MS}. */
export class Memo<T extends object> {
  readonly #entries: LRUCache<string, { value: T; askedAt: number }>;
  #writes = 0;

  /** @param textBytes about what the texts of a value weigh that have no small bound of their own. */
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
   * To be called before a row is asked for: its age counts from here. What was asked before a write of this isolate ended,
   * and answered after, is not remembered.
   */
  asking(now: Date): Remember<T> {
    const [askedAt, writes] = [now.getTime(), this.#writes];
    return (key, value) => {
      if (writes === this.#writes) this.#entries.set(key, { value, askedAt });
    };
  }

  /** Something was written. */
  forget(): void {
    this.#writes++;
    this.#entries.clear();
  }
}
