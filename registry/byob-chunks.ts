// Owns reading byte streams of the runtime so that what has been read is collected in time.
import type { ReadableStream } from '@cloudflare/workers-types';

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads a stream in full chunks of 64 KiB (the last is shorter), each in memory of its own. V8 counts memory that is
 * allocated here and collects it every few dozen MB; what a plain reader leaves behind grows with the upload.
 */
export async function* byobChunks(stream: ReadableStream): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader({ mode: 'byob' });
  try {
    for (;;) {
      const { value, done } = await reader.readAtLeast(CHUNK_BYTES, new Uint8Array(CHUNK_BYTES));
      if (value !== undefined && value.length > 0) yield value;
      if (done) return;
    }
  } finally {
    // Not cancelled: a client that is refused in the middle of its upload must still be able to read why.
    reader.releaseLock();
  }
}
