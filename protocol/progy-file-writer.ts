// Owns writing .progy files: the same files give the same bytes, on any machine, today and later.
import { overLimit, unsoundArchive } from './archive-error.ts';
import {
  type CourseEntry,
  checkCollisions,
  checkPath,
  checkRequired,
  comparePaths,
  type FileMode,
  LIMITS,
} from './course-files.ts';
import type { Platform } from './platform.ts';
import { packContent } from './zip-packing.ts';
import { printCentralHeader, printEnd, printLocalHeader, type WrittenEntry } from './zip-printing.ts';

const unsound = unsoundArchive('The course');
const ZIP_MODES: Record<FileMode, number> = { '100644': 0o100644, '100755': 0o100755 };

/** A file that can be packed. `open` is called once per packing. */
export interface PackableFile extends CourseEntry {
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Writes a .progy file: files sorted by path, one fixed time, Unix modes, UTF-8 names, no data descriptors, no zip64.
 * Holds one packed file and the central directory in memory.
 * @throws {RegistryError} INVALID_ARTIFACT, INVALID_COURSE or PAYLOAD_TOO_LARGE for files that could not be opened
 *   again as a course; INVALID_ARTIFACT for a file whose size is not the announced one.
 */
export async function* writeProgyFile(files: readonly PackableFile[], platform: Platform): AsyncIterable<Uint8Array> {
  const sorted = [...files].sort((a, b) => comparePaths(a.path, b.path));
  checkPackable(sorted);
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of sorted) {
    const { entry, pieces } = await pack(file, platform);
    directory.push(printCentralHeader(entry, offset));
    for (const piece of [printLocalHeader(entry), ...pieces]) {
      offset += piece.length;
      if (offset > LIMITS.artifactBytes) throw overLimit('bytes packed', offset, LIMITS.artifactBytes);
      yield piece;
    }
  }
  yield* directory;
  yield printEnd(directory.length, totalLength(directory), offset);
}

/** The same rules by which the registry will open the file. */
function checkPackable(files: readonly CourseEntry[]): void {
  const paths = files.map((file) => file.path);
  for (const path of paths) checkPath(path);
  checkCollisions(paths);
  checkRequired(paths);
  if (files.length > LIMITS.files) throw overLimit('files', files.length, LIMITS.files);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > LIMITS.unpackedBytes) throw overLimit('bytes unpacked', size, LIMITS.unpackedBytes);
}

async function pack(
  file: PackableFile,
  platform: Platform,
): Promise<{ entry: WrittenEntry; pieces: readonly Uint8Array[] }> {
  const { pieces, ...packed } = await packContent(file.open(), file.size, platform);
  if (packed.size !== file.size) throw unsound('changed while it was packed', file.path);
  return { entry: { ...packed, name: new TextEncoder().encode(file.path), mode: ZIP_MODES[file.mode] }, pieces };
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
