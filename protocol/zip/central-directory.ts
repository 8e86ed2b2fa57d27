// Owns the central directory of a zip: its entries, checked for structure and gaps before anything is inflated.
import type { Unsound } from '../archive-error.ts';
import type { ArtifactSource } from '../bytes/artifact-source.ts';
import type { Platform } from '../bytes/platform.ts';
import { holdsSignature, type RawDirectory, readRawDirectory } from './end-of-directory.ts';
import { parseExtra, widen } from './extra-fields.ts';
import { CENTRAL_BYTES, CENTRAL_SIGNATURE, type CentralHeader, LOCAL_BYTES, parseCentralHeader } from './headers.ts';

export const STORED = 0;
export const DEFLATED = 8;
/** A data descriptor follows the content. */
export const FLAG_DESCRIPTOR = 1 << 3;
/** Bits 1 and 2 say how hard deflate tried, bit 11 that the name is UTF-8. The others encrypt, patch or hide. */
const KNOWN_FLAGS = (1 << 1) | (1 << 2) | FLAG_DESCRIPTOR | (1 << 11);
/** The most space that a local header's extra area and a data descriptor can take. */
const MAX_SLACK = 65_535 + 24;

/** One entry as the central directory has it. Sizes and offsets in bytes. */
export interface ZipEntry {
  /** With the `/` at its end if it is a folder. Not yet judged as a path. */
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly externalAttributes: number;
  /** Where its local header starts, and where the next entry or the directory does. */
  readonly offset: number;
  readonly end: number;
}

/** The entries of an archive in the order of their local headers; together they fill it up to `offset`. */
export interface Directory {
  readonly offset: number;
  readonly entries: readonly ZipEntry[];
}

type PlacedEntry = Omit<ZipEntry, 'end'>;

/**
 * Reads a central directory and checks everything that can be checked without reading an entry.
 * @throws {RegistryError} INVALID_ARTIFACT with `problem` and `path`; PAYLOAD_TOO_LARGE.
 */
export async function readDirectory(source: ArtifactSource, platform: Platform, unsound: Unsound): Promise<Directory> {
  const raw = await readRawDirectory(source, unsound);
  const entries = [...parseEntries(raw, platform, unsound)];
  if (entries.length !== raw.entries) throw unsound('has a different number of entries than it declares');
  return { offset: raw.offset, entries: tile(entries, raw.offset, unsound) };
}

function* parseEntries(raw: RawDirectory, platform: Platform, unsound: Unsound): Iterable<PlacedEntry> {
  for (let at = 0; at < raw.bytes.length; ) {
    if (at + CENTRAL_BYTES > raw.bytes.length) throw unsound('has a damaged central directory');
    const header = parseCentralHeader(raw.bytes, at);
    const nameAt = at + CENTRAL_BYTES;
    const extraAt = nameAt + header.nameLength;
    const commentAt = extraAt + header.extraLength;
    const end = commentAt + header.commentLength;
    if (header.signature !== CENTRAL_SIGNATURE || end > raw.bytes.length)
      throw unsound('has a damaged central directory');
    const [name, extra] = [raw.bytes.subarray(nameAt, extraAt), raw.bytes.subarray(extraAt, commentAt)];
    if (holdsSignature(raw.bytes.subarray(commentAt, end))) throw unsound('has a zip signature in a comment');
    yield parseEntry({ header, name, extra }, platform, unsound);
    at = end;
  }
}

/** One entry of the directory, cut into its parts. */
interface RawEntry {
  header: CentralHeader;
  name: Uint8Array;
  extra: Uint8Array;
}

function parseEntry(raw: RawEntry, platform: Platform, unsound: Unsound): PlacedEntry {
  const { header, name: nameBytes } = raw;
  const name = decodeName(nameBytes, unsound);
  const refuse = (problem: string) => unsound(problem, name);
  const extra = parseExtra(raw.extra, name, unsound);
  checkUnicodePath(extra.unicodePath, nameBytes, platform, refuse);
  if (header.disk !== 0) throw refuse('lies on another disk');
  checkFlags(header, refuse);
  const [size = 0, compressedSize = 0, offset = 0] = widen(
    [header.size, header.compressedSize, header.offset],
    extra.zip64,
    () => refuse('has a zip64 field that can be read in two ways'),
  );
  if (header.method === STORED && size !== compressedSize) throw refuse('is stored but has two sizes');
  const { flags, method, crc, externalAttributes } = header;
  return { name, nameBytes, flags, method, crc, compressedSize, size, externalAttributes, offset };
}

function decodeName(bytes: Uint8Array, unsound: Unsound): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unsound('has a name that is not UTF-8', new TextDecoder().decode(bytes), cause);
  }
}

function checkFlags(header: CentralHeader, refuse: (problem: string) => Error): void {
  if ((header.flags & 1) !== 0) throw refuse('is encrypted');
  if ((header.flags & ~KNOWN_FLAGS) !== 0) throw refuse('uses a zip feature that not every reader has');
  if (header.method !== STORED && header.method !== DEFLATED)
    throw refuse(`is compressed with method ${header.method}; only deflate works everywhere`);
}

/** The Unicode path field (0x7075: version, CRC of the header's name, UTF-8 name) may only repeat the name. */
export function checkUnicodePath(
  field: Uint8Array | undefined,
  name: Uint8Array,
  platform: Platform,
  refuse: (problem: string) => Error,
): void {
  if (field === undefined) return;
  const view = new DataView(field.buffer, field.byteOffset, field.length);
  const repeats =
    field.length >= 5 &&
    field[0] === 1 &&
    view.getUint32(1, true) === platform.crc32(name) &&
    sameBytes(field.subarray(5), name);
  if (!repeats) throw refuse('has a second name in an extra field');
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * Orders entries by place and lays them end to end. Before the first, between two, and before the directory there is
 * room for nothing but a local header's extra area and a data descriptor: no prefix, gap, overlap or hidden entry.
 */
function tile(entries: PlacedEntry[], directoryOffset: number, unsound: Unsound): ZipEntry[] {
  const ordered = entries.sort((a, b) => a.offset - b.offset);
  if (ordered.length > 0 && ordered[0]?.offset !== 0) throw unsound('has bytes before its first entry');
  if (ordered.length === 0 && directoryOffset !== 0) throw unsound('has bytes that belong to no entry');
  return ordered.map((entry, i) => {
    const end = ordered[i + 1]?.offset ?? directoryOffset;
    const slack = end - entry.offset - LOCAL_BYTES - entry.nameBytes.length - entry.compressedSize;
    if (slack < 0) throw unsound('overlaps what comes after it', entry.name);
    if (slack > MAX_SLACK) throw unsound('is followed by bytes that belong to no entry', entry.name);
    return { ...entry, end };
  });
}
