// Owns the checksum that Yarn 4 locks: sha512 of the zip archive that it makes of a tarball.
// The format is that of libzip, which Yarn uses, without compression: found by comparing with archives of Yarn 4.18.
import { toHex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { FileMode } from '@progy/protocol/course/course-files.ts';

/** One file of an npm tarball. */
export interface PackageFile {
  /** Below `package/`. */
  readonly path: string;
  readonly mode: FileMode;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Yarn dates everything 1984-06-22 21:50:00, here in MS-DOS form. */
const DATE = 2262;
const TIME = 44608;
/** Unix, and version 6.3 of the format. */
const MADE_BY = 0x033f;
const FILE_MODES: Record<FileMode, number> = { '100644': 0o100644, '100755': 0o100755 };
const FOLDER_MODE = 0o040755;
/** Says that a name is UTF-8. libzip sets it only where it makes a difference. */
const UTF8 = 0x0800;

/**
 * Hex sha512 of the archive that Yarn 4 makes of a package. Holds one file at a time.
 * @param name of the package.
 * @param files in the order of the tarball, which Yarn keeps.
 */
export async function yarnChecksum(name: string, files: AsyncIterable<PackageFile>): Promise<string> {
  const archive = new StoredZip();
  for await (const { path, mode, content } of files) {
    archive.add(`node_modules/${name}/${path}`, FILE_MODES[mode], await collect(content));
  }
  return archive.finish();
}

/** Hashes an archive without keeping it; only its directory, which comes last, is kept. */
class StoredZip {
  readonly #hash = nodePlatform.createHash('sha512');
  readonly #directory: Buffer[] = [];
  readonly #folders = new Set<string>();
  #offset = 0;

  /** Adds a file, and before it the folders that are not there yet. */
  add(name: string, mode: number, content: Uint8Array): void {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      const folder = name.slice(0, slash + 1);
      if (!this.#folders.has(folder)) this.#write(folder, FOLDER_MODE, new Uint8Array());
      this.#folders.add(folder);
    }
    this.#write(name, mode, content);
  }

  /** Hex sha512 of the whole. */
  finish(): string {
    const directory = Buffer.concat(this.#directory);
    this.#hash.update(directory);
    this.#hash.update(endOfDirectory(this.#directory.length, directory.length, this.#offset));
    return toHex(this.#hash.digest());
  }

  #write(name: string, mode: number, content: Uint8Array): void {
    const shared = sharedHeader(name, content);
    const encoded = Buffer.from(name);
    const local = Buffer.concat([signature(0x04034b50), shared, encoded]);
    this.#directory.push(directoryEntry(shared, encoded, mode, this.#offset));
    this.#hash.update(local);
    this.#hash.update(content);
    this.#offset += local.length + content.length;
  }
}

/** What the header of a file and its entry in the directory have in common, from "version needed" to the length of the extra field. */
function sharedHeader(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(name.endsWith('/') ? 20 : 10, 0);
  header.writeUInt16LE(/^[\u0000-\u007f]*$/.test(name) ? 0 : UTF8, 2);
  header.writeUInt16LE(TIME, 6);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(nodePlatform.crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function directoryEntry(shared: Buffer, name: Buffer, mode: number, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(MADE_BY);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(mode * 0x10000, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, shared, rest, name]);
}

function endOfDirectory(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries, 4);
  end.writeUInt16LE(entries, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}
