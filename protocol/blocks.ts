// Owns cutting a stream into blocks of one size, so that what is made of them does not depend on how the stream was cut.

/** The same bytes in blocks of `size` bytes; only the last may be shorter, none is empty. Each block has memory of its own. */
export async function* blocks(source: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let parts: Uint8Array[] = [];
  let missing = size;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0; ) {
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
      if (missing > 0) continue;
      yield joined(parts, size);
      parts = [];
      missing = size;
    }
  }
  if (missing < size) yield joined(parts, size - missing);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const block = new Uint8Array(size);
  let filled = 0;
  for (const part of parts) {
    block.set(part, filled);
    filled += part.length;
  }
  return block;
}
