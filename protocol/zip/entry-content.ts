// Owns reading one zip entry from a stream: its local header and content must match what the directory declares.
import type { Unsound } from '../archive-error.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { InflateError, type InflateFault, type Platform } from '../bytes/platform.ts';
import { checkUnicodePath, FLAG_DESCRIPTOR, STORED, sameBytes, type ZipEntry } from './central-directory.ts';
import { parseExtra, widen } from './extra-fields.ts';
import {
  DESCRIPTOR_SIGNATURE,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  type LocalHeader,
  parseLocalHeader,
  readUint64,
} from './headers.ts';

/** Entries up to this size, packed and unpacked, are inflated at once; larger ones piece by piece. */
const AT_ONCE_BYTES = 1024 * 1024;

const INFLATE_PROBLEMS: Record<InflateFault, string> = {
  'too-long': 'is larger than it declares',
  'trailing-bytes': 'has bytes after its compressed content',
  truncated: 'has compressed content that ends too soon',
  corrupt: 'has damaged compressed content',
};

/**
 * The content of one entry. The reader stands at its local header, and when all is read, at the next one.
 * Checks local header, size, CRC and data descriptor; never produces more bytes than the entry declares.
 * @throws {RegistryError} INVALID_ARTIFACT, at the latest with the last piece.
 */
export async function* readContent(
  reader: ByteReader,
  entry: ZipEntry,
  platform: Platform,
  unsound: Unsound,
): AsyncIterable<Uint8Array> {
  const refuse = (problem: string, cause?: unknown) => unsound(problem, entry.name, cause);
  const descriptorBytes = await passLocalHeader(reader, entry, platform, unsound);
  let size = 0;
  let crc = 0;
  for await (const piece of inflated(reader, entry, platform, refuse)) {
    size += piece.length;
    crc = platform.crc32(piece, crc);
    yield piece;
  }
  if (size !== entry.size) throw refuse('has a different size than it declares');
  if (crc !== entry.crc) throw refuse('has a different CRC than it declares');
  checkDescriptor(await reader.take(descriptorBytes), entry, refuse);
}

type Refuse = (problem: string, cause?: unknown) => Error;

/** Reads and checks the local header. @returns the length of the data descriptor, 0 if there is none. */
async function passLocalHeader(
  reader: ByteReader,
  entry: ZipEntry,
  platform: Platform,
  unsound: Unsound,
): Promise<number> {
  const refuse = (problem: string) => unsound(problem, entry.name);
  const header = parseLocalHeader(await reader.take(LOCAL_BYTES));
  if (header.signature !== LOCAL_SIGNATURE) throw refuse('has no local header where the directory says');
  if (header.nameLength !== entry.nameBytes.length) throw refuse('has a different name in its local header');
  const name = await reader.take(header.nameLength);
  if (!sameBytes(name, entry.nameBytes)) throw refuse('has a different name in its local header');
  const extra = parseExtra(await reader.take(header.extraLength), entry.name, unsound);
  checkUnicodePath(extra.unicodePath, name, platform, refuse);
  checkAgreement(header, extra.zip64, entry, refuse);
  return descriptorLength(header, entry.end - reader.position - entry.compressedSize, refuse);
}

/** Local and central header agree. With a data descriptor the local one may leave CRC and sizes open, as zeros. */
function checkAgreement(header: LocalHeader, zip64: Uint8Array | undefined, entry: ZipEntry, refuse: Refuse): void {
  const [size, compressedSize] = widen([header.size, header.compressedSize], zip64, () =>
    refuse('has a zip64 field that can be read in two ways'),
  );
  const open = (header.flags & FLAG_DESCRIPTOR) !== 0;
  const agrees = (local: number | undefined, central: number) => local === central || (open && local === 0);
  const same =
    (header.flags | FLAG_DESCRIPTOR) === (entry.flags | FLAG_DESCRIPTOR) &&
    header.method === entry.method &&
    agrees(header.crc, entry.crc) &&
    agrees(size, entry.size) &&
    agrees(compressedSize, entry.compressedSize);
  if (!same) throw refuse('has a local header that disagrees with the directory');
}

/** What is left between content and next entry must be a data descriptor, if one was announced, and else nothing. */
function descriptorLength(header: LocalHeader, left: number, refuse: Refuse): number {
  const announced = (header.flags & FLAG_DESCRIPTOR) !== 0;
  const fits = announced ? [12, 16, 20, 24].includes(left) : left === 0;
  if (!fits) throw refuse('is followed by bytes that belong to no entry');
  return left;
}

/** A descriptor is CRC, compressed size, size; the sizes have 4 or 8 bytes, and a signature may come first. */
function checkDescriptor(descriptor: Uint8Array, entry: ZipEntry, refuse: Refuse): void {
  if (descriptor.length === 0) return;
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length);
  const signed = descriptor.length % 8 === 0;
  const wide = descriptor.length >= 20;
  const at = signed ? 4 : 0;
  const sizeAt = (i: number) => (wide ? readUint64(view, at + 4 + 8 * i) : view.getUint32(at + 4 + 4 * i, true));
  const same =
    (!signed || view.getUint32(0, true) === DESCRIPTOR_SIGNATURE) &&
    view.getUint32(at, true) === entry.crc &&
    sizeAt(0) === entry.compressedSize &&
    sizeAt(1) === entry.size;
  if (!same) throw refuse('has a data descriptor that disagrees with the directory');
}

async function* inflated(
  reader: ByteReader,
  entry: ZipEntry,
  platform: Platform,
  refuse: Refuse,
): AsyncIterable<Uint8Array> {
  const end = reader.position + entry.compressedSize;
  try {
    if (entry.method === STORED) yield* reader.pieces(entry.size);
    else if (Math.max(entry.size, entry.compressedSize) <= AT_ONCE_BYTES)
      yield platform.inflateRawSync(await reader.take(entry.compressedSize), entry.size);
    else yield* platform.inflateRaw(reader.pieces(entry.compressedSize), entry.size);
  } catch (error) {
    throw error instanceof InflateError ? refuse(INFLATE_PROBLEMS[error.reason], error) : error;
  }
  // Inflate stops asking once its data has ended, so bytes after that may not have been read at all.
  if (reader.position !== end) throw refuse(INFLATE_PROBLEMS['trailing-bytes']);
}
