// Owns packing one file into a .progy file: deflated the same on every machine, or stored if it would not shrink.
import { Deflate, deflateSync } from 'fflate';
import { blocks } from '../bytes/blocks.ts';
import { looksIncompressible } from '../bytes/compressible.ts';
import type { Platform } from '../bytes/platform.ts';
import { DEFLATED, STORED } from './central-directory.ts';

const BLOCK_BYTES = 256 * 1024;
/**
 * Hash tables of 2^12, 2^16 and 2^20 entries: clearing a larger one costs more than deflating a small file.
 * The size must be named: by default fflate derives it from a floating-point logarithm, and engines round that differently.
 */
const SMALL = { level: 6, mem: 0 } as const;
const ONE_BLOCK = { level: 6, mem: 4 } as const;
const MANY_BLOCKS = { level: 6, mem: 8 } as const;
const SMALL_BYTES = 4 * 1024;

/** A file as it lies in the zip. `crc` and `size` are those of the content, sizes are bytes. */
export interface PackedContent {
  readonly method: typeof STORED | typeof DEFLATED;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly pieces: readonly Uint8Array[];
}

/**
 * Packs one content. The bytes depend only on the content, not on how it is cut into pieces or on the engine:
 * that is why fflate deflates and not the host's zlib. Holds the packed form in memory.
 * @param announced bytes the content should have; small files then need no large block. The caller compares it with `size`.
 */
export async function packContent(
  content: AsyncIterable<Uint8Array>,
  announced: number,
  platform: Platform,
): Promise<PackedContent> {
  const blockBytes = Math.max(1, Math.min(BLOCK_BYTES, announced));
  const packer = new Packer();
  let crc = 0;
  let size = 0;
  for await (const block of blocks(content, blockBytes)) {
    crc = platform.crc32(block, crc);
    size += block.length;
    packer.push(block);
  }
  const { method, pieces } = packer.end();
  return { method, crc, size, pieces, compressedSize: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

/**
 * Unpacks the content. Only for what this file packed: anything else goes through entry-content.ts.
 * @throws {InflateError} never, for packed content that is whole.
 */
export function unpackContent({ method, size, compressedSize, pieces }: PackedContent, platform: Platform): Uint8Array {
  const packed = new Uint8Array(compressedSize);
  let filled = 0;
  for (const piece of pieces) {
    packed.set(piece, filled);
    filled += piece.length;
  }
  return method === STORED ? packed : platform.inflateRawSync(packed, size);
}

/** Takes blocks and decides by the first of them. */
class Packer {
  readonly #pieces: Uint8Array[] = [];
  #first: Uint8Array | undefined;
  #deflate: Deflate | undefined;
  #stores = false;

  push(block: Uint8Array): void {
    if (this.#stores) this.#store(block);
    else if (this.#deflate !== undefined) this.#deflate.push(block);
    else if (this.#first !== undefined) this.#deflateFrom(this.#first, block);
    else if (looksIncompressible(block)) this.#store(block);
    else this.#first = block;
  }

  end(): Pick<PackedContent, 'method' | 'pieces'> {
    if (this.#first !== undefined) return packOneBlock(this.#first);
    this.#deflate?.push(new Uint8Array(0), true);
    return { method: this.#deflate === undefined ? STORED : DEFLATED, pieces: this.#pieces };
  }

  #store(block: Uint8Array): void {
    this.#stores = true;
    this.#pieces.push(block);
  }

  #deflateFrom(...first: Uint8Array[]): void {
    this.#first = undefined;
    this.#deflate = new Deflate(MANY_BLOCKS, (piece) => this.#pieces.push(piece));
    for (const block of first) this.#deflate.push(block);
  }
}

function packOneBlock(block: Uint8Array): Pick<PackedContent, 'method' | 'pieces'> {
  const deflated = deflateSync(block, block.length <= SMALL_BYTES ? SMALL : ONE_BLOCK);
  return deflated.length < block.length
    ? { method: DEFLATED, pieces: [deflated] }
    : { method: STORED, pieces: [block] };
}
