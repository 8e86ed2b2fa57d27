// Owns letting a client that is still sending read why it was refused.
import type { FixedLengthStream as FixedLength, ReadableStream as WorkersStream } from '@cloudflare/workers-types';
import { LIMITS } from '@progy/protocol/course/course-files.ts';
import type { AppMiddleware } from '../app-env.ts';
import { byobChunks } from '../byob-chunks.ts';

/** A global of workerd: a stream whose reader knows the length. */
declare const FixedLengthStream: typeof FixedLength;

/** A client that has not read the answer by then will not read it at all. */
const LINGER_MS = 30_000;

/**
 * Reads and discards the rest of a refused upload. Otherwise the connection closes while the client is still sending,
 * and most clients then report a broken connection instead of the answer (RFC 9112 §9.6). The whole answer is sent
 * first; only its end waits, so clients that stop sending at an error need not continue.
 */
export const linger: AppMiddleware = async function linger(c, next) {
  await next();
  const { body } = c.req.raw;
  if (c.res.status < 400 || body === null || body.locked) return;
  const answer = new Uint8Array(await c.res.arrayBuffer());
  const { readable, writable } = new FixedLengthStream(answer.length);
  c.executionCtx.waitUntil(sendAndDrain(answer, writable.getWriter(), body as unknown as WorkersStream));
  c.res = new Response(readable as unknown as ReadableStream, c.res);
};

async function sendAndDrain(answer: Uint8Array, to: WritableStreamDefaultWriter, body: WorkersStream): Promise<void> {
  try {
    await to.write(answer);
    await Promise.race([drain(body), new Promise((resolve) => setTimeout(resolve, LINGER_MS))]);
  } catch {
    // The client has hung up, or somebody else reads the rest: wrangler's own harness does.
  } finally {
    await to.close().catch(() => undefined);
  }
}

async function drain(body: WorkersStream): Promise<void> {
  let forgotten = 0;
  for await (const chunk of byobChunks(body)) {
    forgotten += chunk.length;
    if (forgotten > LIMITS.artifactBytes) return;
  }
}
