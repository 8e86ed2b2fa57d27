// Owns reading request bodies as streams, for bodies too large to hold in memory.
import type { ReadableStream } from '@cloudflare/workers-types';
import { RegistryError } from '@progy/protocol/errors.ts';
import { byobChunks } from '../byob-chunks.ts';

/**
 * The body in chunks.
 * @throws {RegistryError} INVALID_REQUEST if there is none, or it ends early.
 */
export async function* bodyOf(request: Request): AsyncIterable<Uint8Array> {
  if (request.body === null) throw new RegistryError('INVALID_REQUEST', 'The request has no body');
  try {
    yield* byobChunks(request.body as unknown as ReadableStream);
  } catch (cause) {
    throw new RegistryError('INVALID_REQUEST', 'The upload ended early', {}, { cause });
  }
}
