// Owns reading .progy files: opening one checks that it is a valid zip of a course, before any content is inflated.
import { overLimit, unsoundArchive } from '../archive-error.ts';
import type { ArtifactSource } from '../bytes/artifact-source.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { Drainable } from '../bytes/drainable.ts';
import type { Platform } from '../bytes/platform.ts';
import { type Course, checkCourseJsonSize, MAX_COURSE_JSON_BYTES, parseCourse } from '../course/course.ts';
import {
  COURSE_JSON,
  type CourseEntry,
  type CourseFile,
  checkCollisions,
  checkPath,
  checkRequired,
  LIMITS,
} from '../course/course-files.ts';
import { type Directory, readDirectory, type ZipEntry } from './central-directory.ts';
import { readContent } from './entry-content.ts';
import { kindOf } from './entry-mode.ts';

export { type ArtifactSource, bytesSource } from '../bytes/artifact-source.ts';
export { type PackableFile, type PackedFile, writePackedFiles, writeProgyFile } from './progy-file-writer.ts';

const unsound = unsoundArchive('The .progy file');

/** A .progy file that is open: structure, paths, required files and limits are checked, contents are not yet. */
export interface ProgyFile {
  /** Files in the order of the archive; folders are left out. */
  readonly entries: readonly CourseEntry[];
  /**
   * One file as a whole.
   * @throws {RegistryError} INVALID_ARTIFACT if it is not there or its content is damaged; PAYLOAD_TOO_LARGE over `limit` bytes.
   */
  readFile(path: string, limit: number): Promise<Uint8Array>;
  /**
   * All files in the order of the archive, from one stream over it. A content not read to its end is drained before the next file.
   * @throws {RegistryError} INVALID_ARTIFACT if local headers, sizes, CRCs or descriptors disagree with the directory.
   */
  files(): AsyncIterable<CourseFile>;
}

/** A file's entry in the zip and in the course. */
interface OpenedFile {
  readonly zip: ZipEntry;
  readonly course: CourseEntry;
}

/**
 * Opens a .progy file from an untrusted source: reads its central directory and refuses what other readers could
 * interpret differently. Inflates nothing.
 * @throws {RegistryError} INVALID_ARTIFACT with `problem` and `path`; INVALID_COURSE for a missing required file; PAYLOAD_TOO_LARGE.
 */
export async function openProgyFile(source: ArtifactSource, platform: Platform): Promise<ProgyFile> {
  if (source.size > LIMITS.artifactBytes) throw overLimit('bytes packed', source.size, LIMITS.artifactBytes);
  const directory = await readDirectory(source, platform, unsound);
  checkUnpackedSize(directory.entries);
  const files = courseFilesOf(directory.entries);
  checkCollisions(directory.entries.map((entry) => entry.name));
  checkRequired([...files.keys()]);
  return {
    entries: [...files.values()].map((file) => file.course),
    readFile: async (path, limit) => readFile(source, sized(files, path, limit), platform),
    files: () => readFiles(source, directory, files, platform),
  };
}

/**
 * course.json of an opened file.
 * @throws {RegistryError} INVALID_COURSE, INVALID_NAME, INVALID_VERSION; INVALID_ARTIFACT if its content is damaged.
 */
export async function readCourse(file: ProgyFile): Promise<Course> {
  checkCourseJsonSize(file.entries.find((entry) => entry.path === COURSE_JSON)?.size ?? 0);
  return parseCourse(await file.readFile(COURSE_JSON, MAX_COURSE_JSON_BYTES));
}

function checkUnpackedSize(entries: readonly ZipEntry[]): void {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > LIMITS.unpackedBytes) throw overLimit('bytes unpacked', size, LIMITS.unpackedBytes);
}

/** The files by path, in order. Folders need valid names too, although they are dropped. */
function courseFilesOf(entries: readonly ZipEntry[]): Map<string, OpenedFile> {
  const files = new Map<string, OpenedFile>();
  for (const zip of entries) {
    const kind = kindOf(zip, (problem) => unsound(problem, zip.name));
    checkPath(kind === 'folder' ? zip.name.slice(0, -1) : zip.name);
    if (kind !== 'folder') files.set(zip.name, { zip, course: { path: zip.name, mode: kind, size: zip.size } });
  }
  return files;
}

/** The file at a path, which is there and of at most `limit` bytes. */
function sized(files: ReadonlyMap<string, OpenedFile>, path: string, limit: number): OpenedFile {
  const file = files.get(path);
  if (file === undefined) throw unsound('is missing', path);
  if (file.course.size > limit) throw overLimit(`bytes in ${path}`, file.course.size, limit);
  return file;
}

async function readFile(source: ArtifactSource, { zip, course }: OpenedFile, platform: Platform): Promise<Uint8Array> {
  const content = new Uint8Array(course.size);
  let filled = 0;
  const reader = new ByteReader(source.stream(zip.offset, zip.end - zip.offset), unsound, zip.offset);
  for await (const piece of readContent(reader, zip, platform, unsound)) {
    content.set(piece, filled);
    filled += piece.length;
  }
  await reader.close();
  return content;
}

async function* readFiles(
  source: ArtifactSource,
  directory: Directory,
  files: ReadonlyMap<string, OpenedFile>,
  platform: Platform,
): AsyncIterable<CourseFile> {
  const reader = new ByteReader(source.stream(0, directory.offset), unsound);
  try {
    for (const zip of directory.entries) {
      const content = new Drainable(readContent(reader, zip, platform, unsound));
      const file = files.get(zip.name);
      try {
        if (file !== undefined) yield { ...file.course, content };
        await content.drain();
      } finally {
        await content.close();
      }
    }
  } finally {
    await reader.close();
  }
}
