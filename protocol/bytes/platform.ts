// Owns what the protocol needs from its host: hashing and deflate; everything else is plain JavaScript.

export type HashAlgorithm = 'sha1' | 'sha256' | 'sha512';

/** A hash that is fed in pieces. `digest` ends it. */
export interface Hash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/**
 * Hashing and deflate at native speed. `node-platform.ts` implements it for Node, Bun and workerd;
 * a browser can pass its own object.
 */
export interface Platform {
  createHash(algorithm: HashAlgorithm): Hash;
  /** CRC-32 (ISO 3309) of the bytes, continuing from an earlier value. Unsigned. */
  crc32(bytes: Uint8Array, previous?: number): number;
  /**
   * Deflates one block so that blocks can be joined: it ends on a byte boundary and is not final (zlib's Z_SYNC_FLUSH).
   * @param level zlib level, 1 to 9.
   */
  deflateBlock(bytes: Uint8Array, level: number): Uint8Array;
  /**
   * Inflates a raw deflate stream piece by piece, with back-pressure.
   * @param limit bytes of output after which it stops with an InflateError of reason 'too-long'.
   * @throws {InflateError}
   */
  inflateRaw(source: AsyncIterable<Uint8Array>, limit: number): AsyncIterable<Uint8Array>;
  /**
   * Inflates a whole raw deflate stream at once: for small files, where one stream each would cost more than the work.
   * @param limit as in {@link inflateRaw}.
   * @throws {InflateError}
   */
  inflateRawSync(bytes: Uint8Array, limit: number): Uint8Array;
  /** Gunzips a stream of one gzip member, with the same limit and errors as {@link inflateRaw}. */
  gunzip(source: AsyncIterable<Uint8Array>, limit: number): AsyncIterable<Uint8Array>;
}

/** Why compressed data was refused: more output than allowed, data after the end, a missing end, or no deflate data at all. */
export type InflateFault = 'too-long' | 'trailing-bytes' | 'truncated' | 'corrupt';

export class InflateError extends Error {
  override readonly name = 'InflateError';
  readonly reason: InflateFault;

  constructor(reason: InflateFault, options?: ErrorOptions) {
    super(`compressed data is ${reason}`, options);
    this.reason = reason;
  }
}
