// Owns sending bytes that several answers share, without a copy for each.
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
  // The bytes are already encoded: the runtime must not encode them again.
  const init = { headers, encodeBody: 'manual' };
  return new Response(readable as unknown as ReadableStream, init);
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
