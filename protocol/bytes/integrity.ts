// Owns checksums: all digests of a stream in one pass, and how they are written.
import type { Hash, HashAlgorithm, Platform } from './platform.ts';

/** Digests of one artifact: SRI sha512 (npm's `integrity`), hex sha256 (the seed's `checksum`), hex sha1 (npm's `shasum`), bytes. */
export interface Digests {
  integrity: string;
  checksum: string;
  shasum: string;
  size: number;
}

/** What each hash is called in {@link Digests}. */
interface DigestNames {
  sha1: 'shasum';
  sha256: 'checksum';
  sha512: 'integrity';
}

/** What some of the hashes tell. */
export type DigestsBy<A extends HashAlgorithm> = Pick<Digests, DigestNames[A] | 'size'>;

export const ALL_HASHES = ['sha1', 'sha256', 'sha512'] as const;
/** What is kept of a `.progy` file, and of a tarball. */
export const PROGY_HASHES = ['sha256', 'sha512'] as const;
export const TARBALL_HASHES = ['sha1', 'sha512'] as const;
export type ProgyDigests = DigestsBy<(typeof PROGY_HASHES)[number]>;
export type TarballDigests = DigestsBy<(typeof TARBALL_HASHES)[number]>;

/** Feeds bytes to some hashes and counts them. */
export class Digester<A extends HashAlgorithm> {
  readonly #hashes: ReadonlyMap<HashAlgorithm, Hash>;
  #size = 0;

  constructor(platform: Platform, algorithms: readonly A[]) {
    this.#hashes = new Map(algorithms.map((algorithm) => [algorithm, platform.createHash(algorithm)]));
  }

  /** Bytes seen so far. */
  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): void {
    this.#size += bytes.length;
    for (const hash of this.#hashes.values()) hash.update(bytes);
  }

  /** Ends the hashes; call once. */
  digest(): DigestsBy<A> {
    const written = [...this.#hashes].map(([algorithm, hash]) => WRITTEN[algorithm](hash.digest()));
    return Object.assign({ size: this.#size }, ...written) as DigestsBy<A>;
  }
}

/** How each hash is written down. */
const WRITTEN: Record<HashAlgorithm, (hash: Uint8Array) => Partial<Digests>> = {
  sha1: (hash) => ({ shasum: toHex(hash) }),
  sha256: (hash) => ({ checksum: toHex(hash) }),
  sha512: (hash) => ({ integrity: `sha512-${toBase64(hash)}` }),
};

/** Passes a stream through unchanged while a digester sees it. */
export async function* digesting<A extends HashAlgorithm>(
  source: AsyncIterable<Uint8Array>,
  digester: Digester<A>,
): AsyncIterable<Uint8Array> {
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
