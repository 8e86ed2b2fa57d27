// Owns taking exact numbers of bytes from a stream, however it is cut into pieces.
import type { Unsound } from '../archive-error.ts';

const NOTHING = new Uint8Array(0);

/** Reads a stream forwards. What it hands out may share memory with the stream's own pieces. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #unsound: Unsound;
  #rest: Uint8Array = NOTHING;
  #position: number;

  /** @param position initial value of `position`, where the stream starts. */
  constructor(source: AsyncIterable<Uint8Array>, unsound: Unsound, position = 0) {
    this.#pieces = source[Symbol.asyncIterator]();
    this.#unsound = unsound;
    this.#position = position;
  }

  /** Position of the next byte. */
  get position(): number {
    return this.#position;
  }

  /**
   * The next `length` bytes as one piece.
   * @throws {RegistryError} INVALID_ARTIFACT if the stream ends before.
   */
  async take(length: number): Promise<Uint8Array> {
    if (length <= this.#rest.length) return this.#cut(length);
    const bytes = new Uint8Array(length);
    let filled = 0;
    for await (const piece of this.pieces(length)) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  /** The next `length` bytes as they arrive. Same error as {@link take}. */
  async *pieces(length: number): AsyncIterable<Uint8Array> {
    for (let missing = length; missing > 0; ) {
      if (this.#rest.length === 0) await this.#fill();
      const piece = this.#cut(Math.min(missing, this.#rest.length));
      missing -= piece.length;
      yield piece;
    }
  }

  /** Releases the source. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #cut(length: number): Uint8Array {
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#position += length;
    return bytes;
  }

  async #fill(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done) throw this.#unsound('ends too soon');
    this.#rest = next.value;
  }
}
