// Owns checksums: all digests of a stream in one pass, and how they are written.
import type { Hash, HashAlgorithm, Platform } from './platform.ts';

/** Digests of one artifact: SRI sha512 (npm's `integrity`), hex sha256 (the seed's `checksum`), hex sha1 (npm's `shasum`), bytes. */
export interface Digests {
  integrity: string;
  checksum: string;
  shasum: string;
  size: number;
}

/** Feeds bytes to all three hashes and counts them. */
export class Digester {
  readonly #hashes: Record<HashAlgorithm, Hash>;
  #size = 0;

  constructor(platform: Platform) {
    this.#hashes = {
      sha1: platform.createHash('sha1'),
      sha256: platform.createHash('sha256'),
      sha512: platform.createHash('sha512'),
    };
  }

  /** Bytes seen so far. */
  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): void {
    this.#size += bytes.length;
    for (const hash of Object.values(this.#hashes)) hash.update(bytes);
  }

  /** Ends the hashes; call once. */
  digest(): Digests {
    return {
      integrity: `sha512-${toBase64(this.#hashes.sha512.digest())}`,
      checksum: toHex(this.#hashes.sha256.digest()),
      shasum: toHex(this.#hashes.sha1.digest()),
      size: this.#size,
    };
  }
}

/** Passes a stream through unchanged while a digester sees it. */
export async function* digesting(source: AsyncIterable<Uint8Array>, digester: Digester): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    digester.update(chunk);
    yield chunk;
  }
}

/** Passes a stream through unchanged while one hash sees it. */
export async function* hashing(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Digests of a stream; its bytes are not kept. */
export async function digestsOf(source: AsyncIterable<Uint8Array>, platform: Platform): Promise<Digests> {
  const digester = new Digester(platform);
  for await (const chunk of source) digester.update(chunk);
  return digester.digest();
}

/** Hex sha256 of bytes or text (UTF-8). */
export function sha256Hex(data: Uint8Array | string, platform: Platform): string {
  const hash = platform.createHash('sha256');
  hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
  return toHex(hash.digest());
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
