// Owns cutting streams: into blocks of one size, so that what is made of them does not depend on how the stream was cut,
// and into a beginning that is held and the rest.

/** Where a block begins to grow: most streams are much shorter than one. */
const FIRST_BYTES = 64 * 1024;

/** The same bytes in blocks of `size` bytes; only the last may be shorter, none is empty. */
export async function* blocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void> {
  let block = new Uint8Array(Math.min(size, FIRST_BYTES));
  let filled = 0;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0; ) {
      // Allocated only now, so that none is allocated after the last block.
      if (filled === size) [block, filled] = [new Uint8Array(size), 0];
      const part = rest.subarray(0, size - filled);
      if (filled + part.length > block.length) block = grown(block, filled + part.length, size);
      block.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === size) yield block;
    }
  }
  // Copied to its length, in case the reader keeps it.
  if (filled > 0 && filled < size) yield block.slice(0, filled);
}

/** At least twice as large, so that growing costs no more than filling. */
function grown(block: Uint8Array, least: number, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, Math.max(least, 2 * block.length)));
  larger.set(block);
  return larger;
}

/** A stream whose beginning is in memory. Without a rest, that is all of it. */
export interface Held {
  start: readonly Uint8Array[];
  rest: AsyncIterable<Uint8Array> | undefined;
}

/** Holds the pieces of a stream, until they are more than `limit` bytes. */
export async function holdStart(source: AsyncIterable<Uint8Array>, limit: number): Promise<Held> {
  const pieces = source[Symbol.asyncIterator]();
  const start: Uint8Array[] = [];
  for (let held = 0; held <= limit; ) {
    const { value, done } = await pieces.next();
    if (done) return { start, rest: undefined };
    start.push(value);
    held += value.length;
  }
  return { start, rest: { [Symbol.asyncIterator]: () => pieces } };
}

/** Pieces, and then a stream. */
export async function* joined<T>(first: Iterable<T>, rest: AsyncIterable<T>): AsyncIterable<T> {
  yield* first;
  yield* rest;
}

/** Pieces as one. */
export function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}
