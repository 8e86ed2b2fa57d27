// Owns sending bytes that are kept for other answers too, without a copy for each.
import type { FixedLengthStream as FixedLength } from '@cloudflare/workers-types';
import type { AppContext } from '../app-env.ts';
import type { Encoding } from '../domain/read/document.ts';

/** A global of workerd: a stream whose reader knows the length. */
declare const FixedLengthStream: typeof FixedLength;

/**
 * A 200 with these bytes and the headers set so far. They go through a stream in one write: `new Response(bytes)` would
 * copy them, and the copies of a minute of requests outweigh an isolate before they are collected.
 */
export function sendBytes(c: AppContext, bytes: Uint8Array, encoding: Encoding): Response {
  if (encoding !== 'identity') c.header('Content-Encoding', encoding);
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Length': String(bytes.length) });
  const { readable, writable } = new FixedLengthStream(bytes.length);
  c.var.context.later(write(writable.getWriter(), bytes));
  const { headers } = c.body(null);
  // The bytes are encoded already: the runtime shall not do it again.
  const init = { headers, encodeBody: 'manual' };
  return new Response(readable as unknown as ReadableStream, init);
}

/** A client that hangs up makes it fail, which is nobody's concern. */
async function write(writer: WritableStreamDefaultWriter<Uint8Array>, bytes: Uint8Array): Promise<void> {
  try {
    await writer.write(bytes);
    await writer.close();
  } catch {
    // Nobody is there to read.
  }
}
