// Owns writing the files of a course into a folder, and checking that they are the published ones.
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toHex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON, type CourseEntry, type CourseFile, checkPath } from '@progy/protocol/course/course-files.ts';
import { type HashedEntry, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { readTarball } from '@progy/protocol/tar/tarball.ts';
import { CliError } from '../cli-error.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';

/** The unpacked course. */
export interface UnpackedCourse {
  readonly tree: string;
  readonly files: readonly HashedEntry[];
}

/** Gets a copy of each file while it is unpacked. Nothing is known to be right yet. */
export interface Copy {
  /** Begins a file: as many bytes as its size follow. Resolves once there is room for more, as `write` does. */
  begin(entry: CourseEntry): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
}

export interface Unpacking {
  readonly signal: AbortSignal;
  readonly copy?: Copy;
}

/** The course that a tarball must contain. */
export type ExpectedCourse = Pick<ResolvedCourse, 'name' | 'version' | 'tree'>;

/**
 * Unpacks a tarball into a folder and checks that it is this course, whole and unchanged.
 * @param folder exists, and is empty.
 * @throws {CliError} UNSAFE_ANSWER for an invalid or different course; INTEGRITY for different files.
 */
export async function unpackCourse(
  tarball: AsyncIterable<Uint8Array>,
  folder: string,
  course: ExpectedCourse,
  { signal, copy }: Unpacking,
): Promise<UnpackedCourse> {
  const files: HashedEntry[] = [];
  const writing = new Writing(folder, copy);
  try {
    for await (const file of readTarball(tarball, nodePlatform)) {
      signal.throwIfAborted();
      files.push(await writing.write(file));
    }
    await checkIdentity(folder, course);
  } catch (error) {
    throw error instanceof RegistryError ? unsound(course, error) : error;
  }
  const tree = treeHash(files, nodePlatform);
  checkTree(tree, course);
  return { files, tree };
}

/** Writes files below a folder. Not asynchronously: of small files, waiting for each step would take most of the time. */
class Writing {
  readonly #folder: string;
  readonly #copy: Copy | undefined;
  /** Folders that are there. */
  readonly #made = new Set<string>();

  constructor(folder: string, copy: Copy | undefined) {
    this.#folder = folder;
    this.#copy = copy;
  }

  /** `wx`: two paths that are one file on this disk are an error, never an overwrite. */
  async write({ path, mode, size, content }: CourseFile): Promise<HashedEntry> {
    checkPath(path);
    const absolute = join(this.#folder, path);
    this.#makeFolder(dirname(absolute));
    const file = openSync(absolute, 'wx', mode === '100755' ? 0o777 : 0o666);
    const hash = nodePlatform.createHash('sha256');
    try {
      await this.#copy?.begin({ path, mode, size });
      for await (const chunk of content) {
        hash.update(chunk);
        writeFileSync(file, chunk);
        await this.#copy?.write(chunk);
      }
    } finally {
      closeSync(file);
    }
    return { path, mode, size, sha256: toHex(hash.digest()) };
  }

  #makeFolder(folder: string): void {
    if (this.#made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#made.add(folder);
  }
}

/** The protocol's errors advise the author; a student can only report the problem. */
function unsound({ name, version }: ExpectedCourse, cause: RegistryError): CliError {
  const message = `The download of ${name} ${version} is not sound: ${cause.message}`;
  return new CliError('UNSAFE_ANSWER', message, undefined, { cause });
}

/**
 * Checks files against the registry's tree hash, if it sends one.
 * @throws {CliError} INTEGRITY.
 */
export function checkTree(tree: string, course: ExpectedCourse): void {
  if (course.tree === undefined || course.tree === tree) return;
  throw new CliError('INTEGRITY', `The files of ${course.name} ${course.version} are not the ones that were published`);
}

/** A tarball with the right checksum can still contain another course, if the registry was tampered with. */
async function checkIdentity(folder: string, { name, version }: ExpectedCourse): Promise<void> {
  const found = parseCourse(await readFile(join(folder, COURSE_JSON)));
  if (found.name.full === name && found.version === version) return;
  throw new RegistryError('METADATA_MISMATCH', `${name} ${version} holds ${found.name.full} ${found.version}`);
}
