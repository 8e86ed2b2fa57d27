// Owns sending bytes that several answers share, without a copy for each.
import type { FixedLengthStream as FixedLength } from '@cloudflare/workers-types';
import type { Encoding } from '../../domain/read/document.ts';
import { withAnswerHeaders } from '../answer-headers.ts';
import type { Reading } from './reading.ts';

/** A global of workerd: a stream whose reader knows the length. */
declare const FixedLengthStream: typeof FixedLength;

/** A copy of this many bytes is no heavier than the rest of an answer, and collected with it. */
const COPIED_BYTES = 16 * 1024;

/**
 * A 200 with these bytes and headers. Many bytes go through a stream in one write: `new Response(bytes)` would copy them,
 * and the copies of a minute of requests outweigh an isolate before they are collected.
 */
export function sendBytes(
  reading: Reading,
  bytes: Uint8Array,
  encoding: Encoding,
  headers: Record<string, string>,
): Response {
  const all = withAnswerHeaders(encoding === 'identity' ? headers : { ...headers, 'Content-Encoding': encoding });
  if (reading.request.method === 'HEAD')
    return new Response(null, { headers: { ...all, 'Content-Length': String(bytes.length) } });
  // The bytes are already encoded: the runtime must not encode them again.
  const init = { headers: all, encodeBody: 'manual' };
  const body = bytes.length <= COPIED_BYTES ? (bytes as Uint8Array<ArrayBuffer>) : streamOf(reading, bytes);
  return new Response(body, init);
}

function streamOf({ context }: Reading, bytes: Uint8Array): ReadableStream {
  const { readable, writable } = new FixedLengthStream(bytes.length);
  context.later(write(writable.getWriter(), bytes));
  return readable as unknown as ReadableStream;
}

/** Fails if the client hangs up, which does not matter. */
async function write(writer: WritableStreamDefaultWriter<Uint8Array>, bytes: Uint8Array): Promise<void> {
  try {
    await writer.write(bytes);
    await writer.close();
  } catch {
    // The client is gone.
  }
}
