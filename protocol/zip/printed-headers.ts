// Owns printing the headers of our own zip files, as plain as possible so that every reader accepts them.
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  END_BYTES,
  END_SIGNATURE,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  viewAt,
} from './headers.ts';

/** What our own headers say of one entry. */
export interface WrittenEntry {
  name: Uint8Array;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  /** Unix file type and permissions. */
  mode: number;
}

/** Version 2.0: the first with deflate and folders. */
const VERSION = 20;
const HOST_UNIX = 3;
/** The name is UTF-8. */
const FLAGS = 1 << 11;
/** 1980-01-01, the first day DOS knows; at 00:00. */
const DOS_DATE = (1 << 5) | 1;
const DOS_TIME = 0;

/** A local header with its name: no extra fields, no data descriptor. */
export function printLocalHeader(entry: WrittenEntry): Uint8Array {
  const bytes = new Uint8Array(LOCAL_BYTES + entry.name.length);
  const view = viewAt(bytes, 0, LOCAL_BYTES);
  view.setUint32(0, LOCAL_SIGNATURE, true);
  printCommon(view, 4, entry);
  bytes.set(entry.name, LOCAL_BYTES);
  return bytes;
}

/** A central header with its name. `offset` is where the local header starts. */
export function printCentralHeader(entry: WrittenEntry, offset: number): Uint8Array {
  const bytes = new Uint8Array(CENTRAL_BYTES + entry.name.length);
  const view = viewAt(bytes, 0, CENTRAL_BYTES);
  view.setUint32(0, CENTRAL_SIGNATURE, true);
  view.setUint16(4, (HOST_UNIX << 8) | VERSION, true);
  printCommon(view, 6, entry);
  view.setUint32(38, entry.mode * 2 ** 16, true);
  view.setUint32(42, offset, true);
  bytes.set(entry.name, CENTRAL_BYTES);
  return bytes;
}

function printCommon(view: DataView, at: number, entry: WrittenEntry): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, FLAGS, true);
  view.setUint16(at + 4, entry.method, true);
  view.setUint16(at + 6, DOS_TIME, true);
  view.setUint16(at + 8, DOS_DATE, true);
  view.setUint32(at + 10, entry.crc, true);
  view.setUint32(at + 14, entry.compressedSize, true);
  view.setUint32(at + 18, entry.size, true);
  view.setUint16(at + 22, entry.name.length, true);
}

/** The end record of a directory of `size` bytes at `offset`. */
export function printEnd(entries: number, size: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(END_BYTES);
  const view = viewAt(bytes, 0, END_BYTES);
  view.setUint32(0, END_SIGNATURE, true);
  view.setUint16(8, entries, true);
  view.setUint16(10, entries, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return bytes;
}
