// Owns writing gzip: one member, block by block, fast on what cannot shrink and never suspiciously small.
import { blocks } from './blocks.ts';
import { looksIncompressible } from './compressible.ts';
import type { Platform } from './platform.ts';

const BLOCK_BYTES = 256 * 1024;
/** What is judged at once. In less, noise no longer shows in a histogram. */
const SECTION_BYTES = 16 * 1024;
const LEVEL = 6;
/** Node-tar gives up on a tarball that unpacks to more than 1,000 times its size; no block of ours passes this ratio. */
const MAX_RATIO = 200;
const MAX_STORED_BYTES = 65_535;

// RFC 1952: magic, deflate, no flags, no time, no extra flags, operating system unknown.
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** An empty stored block with the final bit: ends the deflate data. */
const LAST_BLOCK = Uint8Array.of(1, 0, 0, 0xff, 0xff);

/**
 * Gzips a stream into one member. Of each block of 256 KiB, sections that look incompressible are stored, and what lies
 * between them is deflated: content alone decides, so equal content gives equal bytes on one runtime.
 */
export async function* gzip(source: AsyncIterable<Uint8Array>, platform: Platform): AsyncIterable<Uint8Array> {
  let crc = 0;
  let size = 0;
  yield HEADER;
  for await (const block of blocks(source, BLOCK_BYTES)) {
    crc = platform.crc32(block, crc);
    size += block.length;
    for (const { bytes, isStored } of runs(block)) {
      yield* isStored ? storedBlocks(bytes) : deflateBlocks(bytes, platform);
    }
  }
  yield LAST_BLOCK;
  yield trailer(crc, size);
}

/** Sections in a row that are treated alike. */
interface Run {
  bytes: Uint8Array;
  isStored: boolean;
}

function* runs(block: Uint8Array): Iterable<Run> {
  let start = 0;
  let isStored = false;
  for (let at = 0; at < block.length; at += SECTION_BYTES) {
    const looksStored = looksIncompressible(block.subarray(at, at + SECTION_BYTES));
    if (looksStored !== isStored && at > start) {
      yield { bytes: block.subarray(start, at), isStored };
      start = at;
    }
    isStored = looksStored;
  }
  yield { bytes: block.subarray(start), isStored };
}

function* deflateBlocks(block: Uint8Array, platform: Platform): Iterable<Uint8Array> {
  const deflated = platform.deflateBlock(block, LEVEL);
  if (deflated.length * MAX_RATIO >= block.length) return yield deflated;
  // So monotonous that deflate could reach 1,000:1. Storing a little of it keeps the ratio, whatever the deflate.
  const stored = Math.ceil(block.length / MAX_RATIO);
  yield* storedBlocks(block.subarray(0, stored));
  yield platform.deflateBlock(block.subarray(stored), LEVEL);
}

/** RFC 1951 §3.2.4: a byte of header, the length, its complement, the bytes. */
function* storedBlocks(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MAX_STORED_BYTES) {
    const part = bytes.subarray(at, at + MAX_STORED_BYTES);
    const header = new DataView(new ArrayBuffer(5));
    header.setUint16(1, part.length, true);
    header.setUint16(3, ~part.length & 0xffff, true);
    yield new Uint8Array(header.buffer);
    yield part;
  }
}

function trailer(crc: number, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, crc, true);
  // Modulo 2^32, as setUint32 writes it.
  view.setUint32(4, size, true);
  return new Uint8Array(view.buffer);
}
