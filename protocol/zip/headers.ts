// Owns the layout of zip headers: bytes to fields, without judging them.
// Field names and offsets follow PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16.

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const DESCRIPTOR_SIGNATURE = 0x08074b50;
export const END_SIGNATURE = 0x06054b50;
export const ZIP64_END_SIGNATURE = 0x06064b50;
export const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;

/** Lengths of the fixed parts, in bytes. */
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const ZIP64_END_BYTES = 56;
export const ZIP64_LOCATOR_BYTES = 20;

/** What a local and a central header both say. Sizes in bytes, not yet widened by a zip64 field. */
interface CommonFields {
  signature: number;
  flags: number;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  nameLength: number;
  extraLength: number;
}

export type LocalHeader = CommonFields;

export interface CentralHeader extends CommonFields {
  commentLength: number;
  disk: number;
  externalAttributes: number;
  /** Where the local header starts. */
  offset: number;
}

/** The end of central directory record, or its zip64 form. */
export interface EndRecord {
  signature: number;
  disk: number;
  directoryDisk: number;
  entriesHere: number;
  entries: number;
  size: number;
  offset: number;
}

/** A view of one header. */
export function viewAt(bytes: Uint8Array, at: number, length: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, length);
}

export function parseLocalHeader(bytes: Uint8Array): LocalHeader {
  const view = viewAt(bytes, 0, LOCAL_BYTES);
  return { signature: view.getUint32(0, true), ...parseCommon(view, 6) };
}

export function parseCentralHeader(bytes: Uint8Array, at: number): CentralHeader {
  const view = viewAt(bytes, at, CENTRAL_BYTES);
  return {
    signature: view.getUint32(0, true),
    ...parseCommon(view, 8),
    commentLength: view.getUint16(32, true),
    disk: view.getUint16(34, true),
    externalAttributes: view.getUint32(38, true),
    offset: view.getUint32(42, true),
  };
}

/** The fields from flags to extra length, which both headers hold in one order. */
function parseCommon(view: DataView, at: number): Omit<CommonFields, 'signature'> {
  return {
    flags: view.getUint16(at, true),
    method: view.getUint16(at + 2, true),
    crc: view.getUint32(at + 8, true),
    compressedSize: view.getUint32(at + 12, true),
    size: view.getUint32(at + 16, true),
    nameLength: view.getUint16(at + 20, true),
    extraLength: view.getUint16(at + 22, true),
  };
}

export function parseEnd(bytes: Uint8Array, at: number): EndRecord & { commentLength: number } {
  const view = viewAt(bytes, at, END_BYTES);
  return {
    signature: view.getUint32(0, true),
    disk: view.getUint16(4, true),
    directoryDisk: view.getUint16(6, true),
    entriesHere: view.getUint16(8, true),
    entries: view.getUint16(10, true),
    size: view.getUint32(12, true),
    offset: view.getUint32(16, true),
    commentLength: view.getUint16(20, true),
  };
}

/** `recordSize` counts from the byte after itself: 44 without extensible data. */
export function parseZip64End(bytes: Uint8Array, at: number): EndRecord & { recordSize: number } {
  const view = viewAt(bytes, at, ZIP64_END_BYTES);
  return {
    signature: view.getUint32(0, true),
    recordSize: readUint64(view, 4),
    disk: view.getUint32(16, true),
    directoryDisk: view.getUint32(20, true),
    entriesHere: readUint64(view, 24),
    entries: readUint64(view, 32),
    size: readUint64(view, 40),
    offset: readUint64(view, 48),
  };
}

export function parseZip64Locator(bytes: Uint8Array, at: number) {
  const view = viewAt(bytes, at, ZIP64_LOCATOR_BYTES);
  return {
    signature: view.getUint32(0, true),
    disk: view.getUint32(4, true),
    offset: readUint64(view, 8),
    disks: view.getUint32(16, true),
  };
}

/** A 64-bit number. From 2^53 on it is not exact, but larger than any artifact, which is all that matters here. */
export function readUint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
