// Owns reading a folder as a course: its course.json and the files that belong to it.
import { createReadStream, type Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Course, parseCourse } from '@progy/protocol/course/course.ts';
import {
  COURSE_JSON,
  comparePaths,
  type FileMode,
  isNeverPacked,
  LIMITS,
} from '@progy/protocol/course/course-files.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { PackableFile } from '@progy/protocol/zip/progy-file.ts';
import { looksSecret } from './secrets.ts';
import { type FileSelection, selectByFiles, selectByGitignore } from './selection.ts';

export interface CourseFolder {
  readonly course: Course;
  /** Sorted by path. */
  readonly files: readonly PackableFile[];
  /** Sentences for the author about what looks like a mistake. */
  readonly warnings: readonly string[];
}

/**
 * Reads a folder as a course, without reading the files' content. Whether the files make a sound course is checked when they are packed.
 * @param except absolute path of a file to leave out, such as the one being written.
 * @throws {RegistryError} INVALID_COURSE, INVALID_NAME, INVALID_VERSION; INVALID_ARTIFACT for a link; PAYLOAD_TOO_LARGE for too many files.
 */
export async function readCourseFolder(root: string, except?: string): Promise<CourseFolder> {
  const course = await readCourseJson(root);
  const selection = course.fields.files ? selectByFiles(course.fields.files) : selectByGitignore(root);
  const files = await collectFiles(root, selection, except);
  return { course, files, warnings: [...unusedGlobs(selection), ...likelySecrets(files)] };
}

async function readCourseJson(root: string): Promise<Course> {
  try {
    return parseCourse(await readFile(join(root, COURSE_JSON)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RegistryError('INVALID_COURSE', `There is no course.json in ${escapeControls(root)}`, {
      path: COURSE_JSON,
    });
  }
}

async function collectFiles(root: string, selection: FileSelection, except?: string): Promise<PackableFile[]> {
  const files: PackableFile[] = [];
  for await (const { path, entry } of walk(root, '', selection)) {
    const absolute = join(root, path);
    if (absolute === except) continue;
    if (!entry.isFile()) throw notAFile(path, entry);
    files.push(await describeFile(absolute, path));
    if (files.length > LIMITS.files) throw tooManyFiles();
  }
  return files.sort((a, b) => comparePaths(a.path, b.path));
}

interface Found {
  readonly path: string;
  readonly entry: Dirent;
}

/** Everything that may belong to the course. course.json always does. */
async function* walk(root: string, folder: string, selection: FileSelection): AsyncIterable<Found> {
  await selection.enter(folder);
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (isNeverPacked(path)) continue;
    if (entry.isDirectory() && selection.takesFolder(path)) yield* walk(root, path, selection);
    if (!entry.isDirectory() && isTaken(path, entry, selection)) yield { path, entry };
  }
}

/** A link counts as taken if anything below it would be: leaving it out silently would lose part of the course. */
function isTaken(path: string, entry: Dirent, selection: FileSelection): boolean {
  const isTakenFile = path === COURSE_JSON || selection.takesFile(path);
  return isTakenFile || (entry.isSymbolicLink() && selection.takesFile(`${path}/file`));
}

/** Normalizes `path` to Unicode form C: some systems list names in form D, and a course must be the same everywhere. */
async function describeFile(absolute: string, path: string): Promise<PackableFile> {
  const { size, mode } = await stat(absolute);
  return {
    path: path.normalize('NFC'),
    mode: await fileMode(absolute, mode),
    size,
    open: () => createReadStream(absolute),
  };
}

/** Windows keeps no exec bit; there a script that names its interpreter counts as executable. */
async function fileMode(absolute: string, mode: number, platform: string = process.platform): Promise<FileMode> {
  const isExecutable = platform === 'win32' ? await startsWithShebang(absolute) : (mode & 0o100) !== 0;
  return isExecutable ? '100755' : '100644';
}

async function startsWithShebang(absolute: string): Promise<boolean> {
  const file = await open(absolute);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(2) });
    return bytesRead === 2 && buffer.toString('latin1') === '#!';
  } finally {
    await file.close();
  }
}

function notAFile(path: string, entry: Dirent): RegistryError {
  const problem = entry.isSymbolicLink()
    ? 'is a link. A course can hold only files: replace it with a copy, or leave it out with .gitignore'
    : 'is not a regular file';
  return new RegistryError('INVALID_ARTIFACT', `${escapeControls(path)} ${problem}`, {
    path: escapeControls(path),
    problem,
  });
}

function tooManyFiles(): RegistryError {
  return new RegistryError('PAYLOAD_TOO_LARGE', `The course has more than ${LIMITS.files} files`, {
    limit: LIMITS.files,
  });
}

function unusedGlobs(selection: FileSelection): string[] {
  return selection
    .unused()
    .map((glob) => `"files" in course.json lists ${escapeControls(glob)}, which matches nothing`);
}

function likelySecrets(files: readonly PackableFile[]): string[] {
  const secrets = files.map(({ path }) => path).filter(looksSecret);
  return secrets.map(
    (path) => `${escapeControls(path)} looks like a secret, and everybody who gets the course can read it`,
  );
}
