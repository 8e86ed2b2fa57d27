// Owns the end of a zip: where its central directory is, accepted only if every reader would find the same one.
import { overLimit, type Unsound } from '../archive-error.ts';
import type { ArtifactSource } from '../bytes/artifact-source.ts';
import { LIMITS } from '../course/course-files.ts';
import {
  END_BYTES,
  END_SIGNATURE,
  type EndRecord,
  parseEnd,
  parseZip64End,
  parseZip64Locator,
  ZIP64_END_BYTES,
  ZIP64_END_SIGNATURE,
  ZIP64_LOCATOR_BYTES,
  ZIP64_LOCATOR_SIGNATURE,
} from './headers.ts';

/** Largest central directory in bytes; it is the only part of an artifact that is held in memory. */
export const MAX_DIRECTORY_BYTES = 5 * 1024 * 1024;
const MAX_COMMENT_BYTES = 65_535;
const MAX_TAIL_BYTES = ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES + END_BYTES + MAX_COMMENT_BYTES;
/** Size of a zip64 end record without extensible data, as the record itself counts it. */
const ZIP64_RECORD_SIZE = 44;

/** The central directory of an archive: where it starts, how many entries it holds, its bytes. */
export interface RawDirectory {
  offset: number;
  entries: number;
  bytes: Uint8Array;
}

/**
 * Finds and reads the central directory. One disk; the end record is the last thing in the file and the only
 * candidate; the directory lies right before it (or before the zip64 end record, whose values must agree).
 * @throws {RegistryError} INVALID_ARTIFACT; PAYLOAD_TOO_LARGE for too many entries or a directory over 5 MiB.
 */
export async function readRawDirectory(source: ArtifactSource, unsound: Unsound): Promise<RawDirectory> {
  const tailStart = Math.max(0, source.size - MAX_TAIL_BYTES);
  const tail = await source.read(tailStart, source.size - tailStart);
  const endAt = findEnd(tail, unsound);
  const end = readEndRecord(tail, endAt, tailStart, unsound);
  if (end.entries > LIMITS.files) throw overLimit('entries', end.entries, LIMITS.files);
  if (end.size > MAX_DIRECTORY_BYTES) throw overLimit('bytes of file names', end.size, MAX_DIRECTORY_BYTES);
  const inTail = end.offset - tailStart;
  const bytes = inTail >= 0 ? tail.subarray(inTail, inTail + end.size) : await source.read(end.offset, end.size);
  return { offset: end.offset, entries: end.entries, bytes };
}

/**
 * Position in the tail of the one end record that reaches exactly to the end of the file. Another one could only lie in
 * its comment, where no signature may be.
 */
function findEnd(tail: Uint8Array, unsound: Unsound): number {
  for (let at = Math.max(0, tail.length - END_BYTES - MAX_COMMENT_BYTES); at + END_BYTES <= tail.length; at++) {
    if (tail[at] !== 0x50) continue;
    const { signature, commentLength } = parseEnd(tail, at);
    if (signature !== END_SIGNATURE || at + END_BYTES + commentLength !== tail.length) continue;
    if (holdsSignature(tail.subarray(at + END_BYTES))) throw unsound('has a zip signature in its comment');
    return at;
  }
  throw unsound('is not a zip file, or has bytes after its end');
}

/** True if text holds what could be taken for the start of a zip record: `PK` and two control bytes. */
export function holdsSignature(bytes: Uint8Array): boolean {
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b) continue;
    if ((bytes[at + 2] ?? 0) < 0x20 && (bytes[at + 3] ?? 0) < 0x20) return true;
  }
  return false;
}

function readEndRecord(tail: Uint8Array, endAt: number, tailStart: number, unsound: Unsound): EndRecord {
  const end = parseEnd(tail, endAt);
  const zip64At = findZip64End(tail, endAt, tailStart, unsound);
  const record = zip64At === undefined ? end : agreeing(end, parseZip64End(tail, zip64At), unsound);
  if (record.disk !== 0 || record.directoryDisk !== 0 || record.entriesHere !== record.entries)
    throw unsound('is one part of several');
  if (record.offset + record.size !== tailStart + (zip64At ?? endAt))
    throw unsound('has a central directory that does not end where the end record starts');
  return record;
}

/** Position in the tail of the zip64 end record, if there is a locator for one. */
function findZip64End(tail: Uint8Array, endAt: number, tailStart: number, unsound: Unsound): number | undefined {
  const locatorAt = endAt - ZIP64_LOCATOR_BYTES;
  if (locatorAt < 0) return undefined;
  const locator = parseZip64Locator(tail, locatorAt);
  if (locator.signature !== ZIP64_LOCATOR_SIGNATURE) return undefined;
  const recordAt = locatorAt - ZIP64_END_BYTES;
  if (locator.disk !== 0 || locator.disks !== 1) throw unsound('is one part of several');
  if (recordAt < 0 || tailStart + recordAt !== locator.offset)
    throw unsound('has a zip64 locator that does not point at the record before it');
  return recordAt;
}

/** The zip64 record, if each value of the plain record is either the same or a stand-in of all ones. */
function agreeing(end: EndRecord, wide: ReturnType<typeof parseZip64End>, unsound: Unsound): EndRecord {
  if (wide.signature !== ZIP64_END_SIGNATURE || wide.recordSize !== ZIP64_RECORD_SIZE)
    throw unsound('has a zip64 end record that not every reader understands');
  const agrees = (narrow: number, value: number, allOnes: number) => narrow === allOnes || narrow === value;
  const same =
    agrees(end.disk, wide.disk, 0xffff) &&
    agrees(end.directoryDisk, wide.directoryDisk, 0xffff) &&
    agrees(end.entriesHere, wide.entriesHere, 0xffff) &&
    agrees(end.entries, wide.entries, 0xffff) &&
    agrees(end.size, wide.size, 0xffffffff) &&
    agrees(end.offset, wide.offset, 0xffffffff);
  if (!same) throw unsound('has two end records that disagree');
  return wide;
}
