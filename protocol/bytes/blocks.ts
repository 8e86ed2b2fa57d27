// Owns cutting a stream into blocks of one size, so that what is made of them does not depend on how the stream was cut.

/** The same bytes in blocks of `size` bytes; only the last may be shorter, none is empty. */
export async function* blocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void> {
  let block = new Uint8Array(size);
  let filled = 0;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0; ) {
      // Only now: after the last block no memory is taken for another.
      if (filled === size) [block, filled] = [new Uint8Array(size), 0];
      const part = rest.subarray(0, size - filled);
      block.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === size) yield block;
    }
  }
  // Cut to its length, for whoever keeps it.
  if (filled > 0 && filled < size) yield block.slice(0, filled);
}
