// Owns turning the tarball of an npm client into a course: the same one that progy would have packed.
import { unsoundArchive } from '../archive-error.ts';
import type { Platform } from '../bytes/platform.ts';
import { type Course, checkCourseJsonSize, parseCourse } from '../course/course.ts';
import { COURSE_JSON, checkPath, comparePaths, isNeverPacked } from '../course/course-files.ts';
import { selectByGlobs } from '../course/file-globs.ts';
import { treeHash } from '../course/tree-hash.ts';
import { RegistryError } from '../errors.ts';
import { quote, quoteJson } from '../quote.ts';
import { unpackContent } from '../zip/packed-entry.ts';
import { type ClientFile, type ClientFiles, type Holding, readClientFiles } from './client-files.ts';
import { MAX_FILE_LIST_BYTES, parseFileList } from './file-list.ts';
import { FILE_LIST_ENTRY, MANIFEST_ENTRY, NOTICE_ENTRY, pathOf } from './tarball-layout.ts';
import { checkAsListed } from './tarball-reader.ts';

const unsound = unsoundArchive('The tarball');

const PACKAGE = 'package/';
const PACKAGE_JSON = MANIFEST_ENTRY.slice(PACKAGE.length);
const FILE_LIST = FILE_LIST_ENTRY.slice(PACKAGE.length);
/** What a registry puts beside the files of a course; the list is taken out by itself. */
const ADDED = new Set([PACKAGE_JSON, NOTICE_ENTRY.slice(PACKAGE.length)]);
const MAX_PACKAGE_JSON_BYTES = 1024 * 1024;

/** What an npm client wants to publish. writePackedFiles checks whether the files make a valid course. */
export interface ClientCourse {
  readonly course: Course;
  readonly files: readonly ClientFile[];
  readonly tree: string;
  /** Paths in the tarball that are not part of the course. */
  readonly leftOut: readonly string[];
  /** A registry made the tarball, so all of it is exact. */
  readonly isRelease: boolean;
}

/**
 * Reads the tarball of a course folder, or one that a registry made of a course.
 *
 * From a folder it takes what `progy pack` would take: "files" of course.json decides, and what progy never packs stays
 * out. A package.json beside course.json is an ordinary file, provided that it names the same version. Two things are
 * lost, because the tarball does not show them: what the client left out by its own rules (npm, pnpm, yarn and bun drop
 * every .gitignore and .npmignore, lockfiles at the root, *.orig, and what .npmignore or "files" of package.json
 * exclude), and what it changed (pnpm, yarn 4 and bun rewrite package.json; for exec bits see scriptsExecutable). A
 * .gitignore that is in the tarball is an ordinary file: the client has already packed.
 *
 * A tarball with `.progy/files.json` gives back exactly the course it was made from, or an error.
 * @throws {RegistryError} INVALID_ARTIFACT, INVALID_COURSE, INVALID_NAME, INVALID_VERSION, PAYLOAD_TOO_LARGE;
 *   METADATA_MISMATCH for a package.json that disagrees with course.json; what `holding` throws.
 */
export async function readClientTarball(
  source: AsyncIterable<Uint8Array>,
  platform: Platform,
  holding?: Holding,
): Promise<ClientCourse> {
  const found = await readClientFiles(source, platform, holding);
  const isRelease = found.files.some(({ path }) => path === FILE_LIST);
  const [files, leftOut] = isRelease ? [restored(found, platform), []] : selected(found, platform);
  const course = courseIn(files, platform);
  checkManifest(found.files, course, platform);
  return { course, files, tree: treeHash(files, platform), leftOut, isRelease };
}

/**
 * The course of a client that packs no exec bits: its scripts become executable, as with progy on Windows. If any file
 * is executable, the client did pack the bits.
 */
export function scriptsExecutable(course: ClientCourse, platform: Platform): ClientCourse {
  if (course.isRelease || course.files.some(({ mode }) => mode === '100755')) return course;
  const files = course.files.map((file) => (file.isScript ? { ...file, mode: '100755' as const } : file));
  return { ...course, files, tree: treeHash(files, platform) };
}

/** The files that progy would have packed, and the paths of the others. */
function selected({ files, unfit }: ClientFiles, platform: Platform): [ClientFile[], string[]] {
  const globs = courseIn(files, platform).fields.files;
  const selection = globs && selectByGlobs(globs);
  const isTaken = ({ path }: ClientFile) =>
    path === COURSE_JSON || (!isNeverPacked(path) && (selection?.takesFile(path) ?? true));
  const taken = new Set(files.filter(isTaken));
  const others = files.filter((file) => !taken.has(file)).map(({ path }) => path);
  return [[...taken], [...others, ...unfit].sort(comparePaths)];
}

/** The files of the course that a registry made the tarball of, under their own names again. */
function restored({ files, unfit }: ClientFiles, platform: Platform): ClientFile[] {
  if (unfit[0] !== undefined) throw unsound('is not where course files belong', unfit[0]);
  const list = files.find(({ path }) => path === FILE_LIST);
  if (list === undefined || list.size > MAX_FILE_LIST_BYTES) throw unsound('is too large', FILE_LIST);
  const listed = parseFileList(unpackContent(list.packed, platform), unsound);
  const own = files.filter((file) => file !== list && !ADDED.has(file.path)).map(underOwnName);
  // npm uses its own order when it repacks what it had unpacked.
  own.sort(byPath);
  checkAsListed(own, { ...listed, files: listed.files.toSorted(byPath) }, platform);
  return own;
}

function underOwnName(file: ClientFile): ClientFile {
  const path = pathOf(PACKAGE + file.path);
  if (path === undefined) throw unsound('is not where course files belong', file.path);
  checkPath(path);
  return { ...file, path };
}

function courseIn(files: readonly ClientFile[], platform: Platform): Course {
  const file = files.find(({ path }) => path === COURSE_JSON);
  if (file === undefined) throw noCourse(files);
  checkCourseJsonSize(file.size);
  return parseCourse(unpackContent(file.packed, platform));
}

/** npm shows people what package.json says, so it must agree with course.json. */
function checkManifest(files: readonly ClientFile[], course: Course, platform: Platform): void {
  const file = files.find(({ path }) => path === PACKAGE_JSON);
  if (file === undefined) return;
  if (file.size > MAX_PACKAGE_JSON_BYTES) throw unsound('is too large', PACKAGE_JSON);
  const { name, version } = parseManifest(unpackContent(file.packed, platform));
  for (const [field, found, expected] of [
    ['name', name, course.name.full],
    ['version', version, course.version],
  ] as const) {
    if (found !== undefined && found !== expected) throw manifestMismatch(field, found, expected);
  }
}

function parseManifest(bytes: Uint8Array): { name?: unknown; version?: unknown } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch (cause) {
    throw new RegistryError('METADATA_MISMATCH', 'package.json is not JSON', { field: PACKAGE_JSON }, { cause });
  }
}

/** The error for a package.json that disagrees with course.json. */
export function manifestMismatch(field: string, found: unknown, expected: unknown): RegistryError {
  const message = `package.json says ${field} ${quoteJson(found)}, course.json says ${quoteJson(expected)}: make them the same`;
  return new RegistryError('METADATA_MISMATCH', message, { field, found, expected });
}

function noCourse(files: readonly ClientFile[]): RegistryError {
  const found = files.find(({ path }) => path.toLowerCase().endsWith(`/${COURSE_JSON}`))?.path;
  const elsewhere = found === undefined ? '' : ` (found ${quote(found)})`;
  const message =
    `The package has no course.json at its root${elsewhere}, and this registry accepts only courses. Add one beside package.json, ` +
    'with the same name and version; if package.json has "files", list course.json and content there';
  return new RegistryError('INVALID_COURSE', message, {
    path: COURSE_JSON,
    ...(found && { found: quote(found) }),
  });
}

function byPath(a: { path: string }, b: { path: string }): number {
  return comparePaths(a.path, b.path);
}
