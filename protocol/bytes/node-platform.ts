// Owns the platform for Node, Bun and workerd: node:crypto and node:zlib, the one file of the protocol that names Node modules.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { constants, crc32, createGunzip, createInflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { InflateError, type Platform } from './platform.ts';

type Inflater = ReturnType<typeof createInflateRaw> | ReturnType<typeof createGunzip>;

/** zlib's own 16 KiB make four times as many trips to another thread. */
const GUNZIP_CHUNK_BYTES = 64 * 1024;

export const nodePlatform: Platform = {
  createHash(algorithm) {
    const hash = createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
  crc32: (bytes, previous = 0) => crc32(bytes, previous),
  deflateBlock: (bytes, level) => deflateRawSync(bytes, { level, finishFlush: constants.Z_SYNC_FLUSH }),
  inflateRaw: (source, limit) => inflated(source, createInflateRaw(), limit),
  inflateRawSync: inflatedAtOnce,
  gunzip: (source, limit) => inflated(source, createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES }), limit),
};

/**
 * Pumps a source through a zlib stream. node:zlib ignores bytes after the end of the deflate data,
 * so what it consumed is compared with what it was given.
 */
async function* inflated(
  source: AsyncIterable<Uint8Array>,
  inflater: Inflater,
  limit: number,
): AsyncIterable<Uint8Array> {
  let given = 0;
  let produced = 0;
  const counted = async function* () {
    for await (const chunk of source) {
      given += chunk.length;
      yield chunk;
    }
  };
  const input = Readable.from(counted(), { objectMode: false });
  input.on('error', (error) => inflater.destroy(error));
  try {
    for await (const chunk of input.pipe(inflater)) {
      produced += chunk.length;
      if (produced > limit) throw new InflateError('too-long');
      yield chunk;
    }
  } catch (error) {
    throw toInflateError(error);
  } finally {
    input.destroy();
    inflater.destroy();
  }
  if (inflater.bytesWritten !== given) throw new InflateError('trailing-bytes');
}

function inflatedAtOnce(bytes: Uint8Array, limit: number): Uint8Array {
  const { buffer, engine } = inflateWithInfo(bytes, limit);
  if (buffer.length > limit) throw new InflateError('too-long');
  if (engine.bytesWritten !== bytes.length) throw new InflateError('trailing-bytes');
  return buffer;
}

/** What node:zlib answers when asked for `info`: beside the output the engine, which knows how much input it used. */
interface InflatedWithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

function inflateWithInfo(bytes: Uint8Array, limit: number): InflatedWithInfo {
  // One byte more than the limit, so that an output buffer always has room; zlib wants chunks of at least 64 bytes.
  const options = { info: true, maxOutputLength: limit + 1, chunkSize: Math.max(64, limit + 1) };
  try {
    // The types of node:zlib do not say that `info` changes the answer.
    return inflateRawSync(bytes, options) as unknown as InflatedWithInfo;
  } catch (cause) {
    // workerd gives these errors no code, so kind and sentence decide.
    if (cause instanceof RangeError) throw new InflateError('too-long', { cause });
    throw new InflateError(/unexpected end/.test((cause as Error).message) ? 'truncated' : 'corrupt', { cause });
  }
}

function toInflateError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'Z_BUF_ERROR') return new InflateError('truncated', { cause: error });
  if (typeof code === 'string' && code.startsWith('Z_')) return new InflateError('corrupt', { cause: error });
  return error;
}
