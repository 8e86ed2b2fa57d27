// Owns reading byte streams of the runtime without making garbage of them.
import type { ReadableStream, ReadableStreamBYOBReader } from '@cloudflare/workers-types';

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads a stream in full chunks of 64 KiB (the last is shorter) through two buffers that take turns: a chunk holds good
 * until the second next one is asked for. A plain reader leaves 100 MB of dead chunks behind a 100 MB upload, most of
 * what an isolate may hold.
 */
export async function* byobChunks(stream: ReadableStream): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader({ mode: 'byob' });
  try {
    yield* alternating(reader);
  } finally {
    // Not cancelled: a client that is refused in the middle of its upload must still be able to read why.
    reader.releaseLock();
  }
}

async function* alternating(reader: ReadableStreamBYOBReader): AsyncGenerator<Uint8Array, void> {
  let [next, after] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  for (;;) {
    const { value, done } = await reader.readAtLeast(CHUNK_BYTES, next);
    if (value !== undefined && value.length > 0) yield value;
    if (done || value === undefined) return;
    [next, after] = [after, new Uint8Array(value.buffer)];
  }
}
