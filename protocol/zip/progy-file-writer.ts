// Owns writing .progy files: the same files give the same bytes, on any machine, today and later.
import { overLimit, unsoundArchive } from '../archive-error.ts';
import type { Platform } from '../bytes/platform.ts';
import {
  type CourseEntry,
  checkCollisions,
  checkPath,
  checkRequired,
  comparePaths,
  type FileMode,
  LIMITS,
} from '../course/course-files.ts';
import { type PackedContent, packContent } from './packed-entry.ts';
import { printCentralHeader, printEnd, printLocalHeader } from './printed-headers.ts';

const unsound = unsoundArchive('The course');
const ZIP_MODES: Record<FileMode, number> = { '100644': 0o100644, '100755': 0o100755 };

/** A file that can be packed. `open` is called once per packing. */
export interface PackableFile extends CourseEntry {
  open(): AsyncIterable<Uint8Array>;
}

/** A file as it lies in a .progy file: its content is packed, and in memory. */
export interface PackedFile extends CourseEntry {
  readonly packed: PackedContent;
}

/**
 * Packs one file.
 * @throws {RegistryError} INVALID_ARTIFACT if its size is not the announced one.
 */
export async function packFile(
  { path, mode, size }: CourseEntry,
  content: AsyncIterable<Uint8Array>,
  platform: Platform,
): Promise<PackedFile> {
  const packed = await packContent(content, size, platform);
  if (packed.size !== size) throw unsound('changed while it was packed', path);
  return { path, mode, size, packed };
}

/**
 * Writes a .progy file: files sorted by path, one fixed time, Unix modes, UTF-8 names, no data descriptors, no zip64.
 * Holds one packed file and the central directory in memory.
 * @throws {RegistryError} INVALID_ARTIFACT, INVALID_COURSE or PAYLOAD_TOO_LARGE for files that could not be opened
 *   again as a course; INVALID_ARTIFACT for a file whose size is not the announced one.
 */
export async function* writeProgyFile(files: readonly PackableFile[], platform: Platform): AsyncIterable<Uint8Array> {
  const zip = new ZipPrinter();
  for (const file of sortedAsCourse(files)) yield* zip.file(await packFile(file, file.open(), platform));
  yield* zip.end();
}

/** Like {@link writeProgyFile}, for files that were packed before, in whatever order. The bytes are the same. */
export function* writePackedFiles(files: readonly PackedFile[]): Iterable<Uint8Array> {
  const zip = new ZipPrinter();
  for (const file of sortedAsCourse(files)) yield* zip.file(file);
  yield* zip.end();
}

/** Sorts files, by the same rules under which the registry will open them. */
function sortedAsCourse<T extends CourseEntry>(files: readonly T[]): T[] {
  const sorted = [...files].sort((a, b) => comparePaths(a.path, b.path));
  const paths = sorted.map((file) => file.path);
  for (const path of paths) checkPath(path);
  checkCollisions(paths);
  checkRequired(paths);
  if (files.length > LIMITS.files) throw overLimit('files', files.length, LIMITS.files);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > LIMITS.unpackedBytes) throw overLimit('bytes unpacked', size, LIMITS.unpackedBytes);
  return sorted;
}

/** Prints entries one after the other, and the directory of them at the end. */
class ZipPrinter {
  readonly #directory: Uint8Array[] = [];
  #offset = 0;

  *file({ path, mode, packed }: PackedFile): Iterable<Uint8Array> {
    const entry = { ...packed, name: new TextEncoder().encode(path), mode: ZIP_MODES[mode] };
    this.#directory.push(printCentralHeader(entry, this.#offset));
    for (const piece of [printLocalHeader(entry), ...packed.pieces]) {
      this.#offset += piece.length;
      if (this.#offset > LIMITS.artifactBytes) throw overLimit('bytes packed', this.#offset, LIMITS.artifactBytes);
      yield piece;
    }
  }

  *end(): Iterable<Uint8Array> {
    yield* this.#directory;
    yield printEnd(this.#directory.length, totalLength(this.#directory), this.#offset);
  }
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
