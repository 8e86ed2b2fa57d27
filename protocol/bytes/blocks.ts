// Owns cutting a stream into blocks of one size, so that what is made of them does not depend on how the stream was cut.

/**
 * The same bytes in blocks of `size` bytes; only the last may be shorter, none is empty. Two buffers take turns, so a block
 * holds good until the second next one is asked for: in an isolate of 128 MB the garbage of fresh ones would count.
 */
export async function* blocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void> {
  let filling = new Uint8Array(size);
  let other: Uint8Array<ArrayBuffer> | undefined;
  let filled = 0;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0; ) {
      const part = rest.subarray(0, size - filled);
      filling.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled < size) continue;
      yield filling;
      [filling, other] = [other ?? new Uint8Array(size), filling];
      filled = 0;
    }
  }
  if (filled > 0) yield filling.subarray(0, filled);
}
