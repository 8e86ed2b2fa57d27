// Owns writing npm tarballs: the files of a course below package/, npm's manifest first, the list of files last.
import { type Pack, pack } from 'tar-stream';
import { gzip } from '../bytes/gzip.ts';
import { toHex } from '../bytes/integrity.ts';
import type { Platform } from '../bytes/platform.ts';
import { pump } from '../bytes/pump.ts';
import { type Course, courseManifest } from '../course/course.ts';
import type { CourseFile, FileMode } from '../course/course-files.ts';
import { type HashedEntry, treeHash } from '../course/tree-hash.ts';
import { printFileList } from './file-list.ts';
import { entryNameOf, FILE_LIST_ENTRY, MANIFEST_ENTRY } from './tarball-layout.ts';

/** npm's own time for every entry: zip cannot hold the epoch, and zip files are often made of tarballs. */
const MTIME = new Date('1985-10-26T08:15:00.000Z');

export const TAR_MODES: Record<FileMode, number> = { '100644': 0o644, '100755': 0o755 };

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
  readonly #pack: Pack = pack();
  readonly #files: HashedEntry[] = [];
  #fileCount = 0;
  #unpackedSize = 0;
  #contents: TarballContents | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The tar itself. Filling it goes on only as fast as it is read. */
  async *write(course: Course, files: AsyncIterable<CourseFile>): AsyncIterable<Uint8Array> {
    const filling = this.#fill(course, files).catch((error: Error) => this.#pack.destroy(error));
    try {
      yield* this.#pack as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
    } finally {
      this.#pack.destroy();
      await filling;
    }
  }

  contents(): TarballContents {
    if (this.#contents === undefined) throw new Error('The tarball has not been read to its end');
    return this.#contents;
  }

  async #fill(course: Course, files: AsyncIterable<CourseFile>): Promise<void> {
    await this.#addBytes(MANIFEST_ENTRY, printManifest(course));
    for await (const file of files) await this.#addFile(file);
    const tree = treeHash(this.#files, this.#platform);
    const list = { name: course.name.full, version: course.version, tree, files: this.#files };
    await this.#addBytes(FILE_LIST_ENTRY, printFileList(list));
    this.#contents = { tree, fileCount: this.#fileCount, unpackedSize: this.#unpackedSize, files: this.#files };
    this.#pack.finalize();
  }

  async #addBytes(name: string, bytes: Uint8Array): Promise<void> {
    const once = async function* () {
      yield bytes;
    };
    await this.#add(name, '100644', bytes.length, once());
  }

  async #addFile({ path, mode, size, content }: CourseFile): Promise<void> {
    const hash = this.#platform.createHash('sha256');
    const hashed = async function* () {
      for await (const piece of content) {
        hash.update(piece);
        yield piece;
      }
    };
    await this.#add(entryNameOf(path), mode, size, hashed());
    this.#files.push({ path, mode, size, sha256: toHex(hash.digest()) });
  }

  async #add(name: string, mode: FileMode, size: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    const header = { name, size, mode: TAR_MODES[mode], mtime: MTIME, type: 'file' as const, uid: 0, gid: 0 };
    this.#fileCount++;
    this.#unpackedSize += size;
    await new Promise<void>((resolve, reject) => {
      const sink = this.#pack.entry(header, (error) => (error ? reject(error) : resolve()));
      // tar-stream tells the callback too; without a listener the event would end the process.
      sink.on('error', reject);
      pump(content, sink).catch(reject);
    });
  }
}

function printManifest(course: Course): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(courseManifest(course), null, 2)}\n`);
}
