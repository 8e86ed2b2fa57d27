// Owns content whose reader may stop early, leaving the rest to be drained.

/** Wraps a stream that lies inside another one. Breaking out of its loop leaves the stream open. */
export class Drainable implements AsyncIterable<Uint8Array> {
  readonly #pieces: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Without `return`, so that a `break` does not close the stream. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#pieces.next() };
  }

  /** Reads what is left, and throws any errors in it. */
  async drain(): Promise<void> {
    for await (const _ of this);
  }

  /** Gives up the rest. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
