// Owns writing npm tarballs: the files of a course below package/, npm's manifest and a notice first, the list of files last.
import { gzip } from '../bytes/gzip.ts';
import { hashing, toHex } from '../bytes/integrity.ts';
import type { Platform } from '../bytes/platform.ts';
import { type Course, courseManifest } from '../course/course.ts';
import type { CourseFile } from '../course/course-files.ts';
import { type HashedEntry, treeHash } from '../course/tree-hash.ts';
import { printFileList } from './file-list.ts';
import { printNotice } from './notice.ts';
import { packTar, type TarFile } from './tar-packing.ts';
import { entryNameOf, FILE_LIST_ENTRY, MANIFEST_ENTRY, NOTICE_ENTRY } from './tarball-layout.ts';

/** What a written tarball holds. `fileCount` and `unpackedSize` (bytes) count its own entries, as npm does. */
export interface TarballContents {
  tree: string;
  fileCount: number;
  unpackedSize: number;
  files: readonly HashedEntry[];
}

export interface CourseTarball {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Known once `bytes` has been read to its end; throws before. */
  contents(): TarballContents;
}

/**
 * Writes the tarball of a course while its files are read, one after the other.
 * @param files valid and without collisions, as ProgyFile.files() gives them; their errors pass through `bytes`.
 */
export function writeTarball(course: Course, files: AsyncIterable<CourseFile>, platform: Platform): CourseTarball {
  const writer = new TarballWriter(platform);
  const written = writer.write(course, files);
  return { bytes: gzip(written, platform), contents: () => writer.contents() };
}

class TarballWriter {
  readonly #platform: Platform;
  readonly #files: HashedEntry[] = [];
  #fileCount = 0;
  #unpackedSize = 0;
  #contents: TarballContents | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The tar itself. */
  write(course: Course, files: AsyncIterable<CourseFile>): AsyncIterable<Uint8Array> {
    return packTar(this.#counted(this.#entries(course, files)));
  }

  contents(): TarballContents {
    if (this.#contents === undefined) throw new Error('The tarball has not been read to its end');
    return this.#contents;
  }

  async *#entries(course: Course, files: AsyncIterable<CourseFile>): AsyncIterable<TarFile> {
    yield fileOf(MANIFEST_ENTRY, printManifest(course));
    yield fileOf(NOTICE_ENTRY, printNotice(course.name));
    for await (const file of files) yield* this.#courseFile(file);
    const tree = treeHash(this.#files, this.#platform);
    const list = { name: course.name.full, version: course.version, tree, files: this.#files };
    yield fileOf(FILE_LIST_ENTRY, printFileList(list));
    this.#contents = { tree, fileCount: this.#fileCount, unpackedSize: this.#unpackedSize, files: this.#files };
  }

  /** The entry of a course file, which is hashed while the tar is written. */
  async *#courseFile({ path, mode, size, content }: CourseFile): AsyncIterable<TarFile> {
    const hash = this.#platform.createHash('sha256');
    yield { name: entryNameOf(path), mode, size, content: hashing(content, hash) };
    this.#files.push({ path, mode, size, sha256: toHex(hash.digest()) });
  }

  async *#counted(entries: AsyncIterable<TarFile>): AsyncIterable<TarFile> {
    for await (const entry of entries) {
      this.#fileCount++;
      this.#unpackedSize += entry.size;
      yield entry;
    }
  }
}

function fileOf(name: string, bytes: Uint8Array): TarFile {
  const once = async function* () {
    yield bytes;
  };
  return { name, mode: '100644', size: bytes.length, content: once() };
}

function printManifest(course: Course): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(courseManifest(course), null, 2)}\n`);
}
