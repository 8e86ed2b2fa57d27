// Owns unpacking the tarballs of npm clients, in any dialect of tar, and repacking each file as it streams past.
import type { Header } from 'tar-stream';
import { overLimit, unsoundArchive } from '../archive-error.ts';
import { hashing, toHex } from '../bytes/integrity.ts';
import type { Platform } from '../bytes/platform.ts';
import { type CourseEntry, checkPath, isNeverPacked, LIMITS, pathProblem } from '../course/course-files.ts';
import type { HashedEntry } from '../course/tree-hash.ts';
import { RegistryError } from '../errors.ts';
import { type PackedFile, packFile } from '../zip/progy-file-writer.ts';
import { tarballEntries } from './tar-entries.ts';

const unsound = unsoundArchive('The tarball');

/**
 * Limits of `npm publish` in bytes: the tarball, and its files packed one by one, which are all in memory at once.
 * `progy publish` streams larger courses.
 */
export const CLIENT_LIMITS = { tarballBytes: 20 * 1024 * 1024, packedBytes: 32 * 1024 * 1024 } as const;

const SHEBANG = '#!';
/** An empty name, `.` or `..` among the parts of a path. */
const NO_NAME = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** A file of the tarball, packed and hashed. Its path is relative to the tarball's one top folder. */
export interface ClientFile extends PackedFile, HashedEntry {
  /** Names its interpreter in its first line. */
  readonly isScript: boolean;
}

/** Is told how many bytes of packed files are in memory; may throw if they are too many. */
export type Holding = (packedBytes: number) => void;

export interface ClientFiles {
  readonly files: readonly ClientFile[];
  /** Paths that no course may hold and that progy leaves out of every folder, such as those of `node_modules`. */
  readonly unfit: readonly string[];
}

/**
 * Reads a tarball. Ignores folders, owners, times, and modes except the owner's exec bit; all files must be in one top
 * folder of any name. The result is structurally valid, but not yet a course.
 * @throws {RegistryError} INVALID_ARTIFACT for any other tarball: links, files that appear twice or outside
 *   the top folder; PAYLOAD_TOO_LARGE; what `holding` throws.
 */
export async function readClientFiles(
  source: AsyncIterable<Uint8Array>,
  platform: Platform,
  holding: Holding = () => undefined,
): Promise<ClientFiles> {
  const collected = new Collected(holding);
  for await (const { header, content } of tarballEntries(source, platform, unsound)) {
    const entry = header.type === 'directory' ? undefined : collected.accept(header);
    if (entry !== undefined) collected.add(await packHashed(entry, content, platform));
    await content.drain();
  }
  return collected;
}

async function packHashed(
  entry: CourseEntry,
  content: AsyncIterable<Uint8Array>,
  platform: Platform,
): Promise<ClientFile> {
  const hash = platform.createHash('sha256');
  let start = '';
  const watched = async function* () {
    for await (const piece of hashing(content, hash)) {
      if (start.length < SHEBANG.length) start += String.fromCharCode(...piece.subarray(0, SHEBANG.length));
      yield piece;
    }
  };
  const packed = await packFile(entry, watched(), platform);
  return { ...packed, sha256: toHex(hash.digest()), isScript: start.startsWith(SHEBANG) };
}

/** The error for a course that is too large for an npm client. */
export function tooLargeForClients(found: string, limit: number): RegistryError {
  const message = `${found}; npm clients may publish at most ${limit / 1024 / 1024} MB. Publish larger courses with: progy publish`;
  return new RegistryError('PAYLOAD_TOO_LARGE', message, { limit, next: 'progy publish' });
}

class Collected implements ClientFiles {
  readonly files: ClientFile[] = [];
  readonly unfit: string[] = [];
  readonly #seen = new Set<string>();
  #topFolder: string | undefined;
  readonly #holding: Holding;
  #unpackedBytes = 0;
  #packedBytes = 0;

  constructor(holding: Holding) {
    this.#holding = holding;
  }

  /** The entry as a course file, or undefined if it is left out. */
  accept(header: Header): CourseEntry | undefined {
    checkHeader(header);
    const path = this.#pathOf(header.name);
    if (this.#seen.has(path)) throw unsound('appears twice', path);
    this.#seen.add(path);
    if (isUnfit(path)) {
      this.unfit.push(path);
      return undefined;
    }
    if (this.#seen.size > LIMITS.files) throw overLimit('files', this.#seen.size, LIMITS.files);
    const size = header.size ?? 0;
    this.#unpackedBytes += size;
    if (this.#unpackedBytes > LIMITS.unpackedBytes)
      throw overLimit('bytes unpacked', this.#unpackedBytes, LIMITS.unpackedBytes);
    return { path, mode: ((header.mode ?? 0) & 0o100) === 0 ? '100644' : '100755', size };
  }

  add(file: ClientFile): void {
    this.#packedBytes += file.packed.compressedSize;
    if (this.#packedBytes > CLIENT_LIMITS.packedBytes)
      throw tooLargeForClients('The files are too large', CLIENT_LIMITS.packedBytes);
    this.#holding(this.#packedBytes);
    this.files.push(file);
  }

  /** Some systems list names in form D; the CLI puts them into form C too. */
  #pathOf(name: string): string {
    const relative = name.replace(/^(?:\.\/)+/, '');
    const slash = relative.indexOf('/');
    const topFolder = relative.slice(0, Math.max(0, slash));
    this.#topFolder ??= topFolder;
    if (topFolder !== this.#topFolder || NO_NAME.test(topFolder)) throw unsound('is outside the package', name);
    const path = relative.slice(slash + 1).normalize('NFC');
    if (NO_NAME.test(path)) checkPath(path);
    return path;
  }
}

/** Nobody reads this tarball after us, so most pax headers need no checks; sparse files do. */
function checkHeader({ type, name, pax }: Header): void {
  const isFile = type === 'file' || type === 'contiguous-file';
  if (!isFile || Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse')))
    throw unsound('is not a regular file', name);
}

/** `.progy` is kept for now: in a tarball that a registry made, it describes the rest. */
function isUnfit(path: string): boolean {
  return isNeverPacked(path) && pathProblem(path) !== undefined && !path.startsWith('.progy/');
}
