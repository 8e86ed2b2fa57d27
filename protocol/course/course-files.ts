// Owns the rules for the files of a course: allowed paths, what pack leaves out, how many and how large.
import { RegistryError } from '../errors.ts';
import { quote } from '../quote.ts';

export const COURSE_JSON = 'course.json';
export const CONTENT_FOLDER = 'content/';
/** The file that `progy init` writes beside a course's files; no course can contain it. */
export const PROGY_LOCK = 'progy-lock.json';

/** Limits of one course. The edge itself refuses request bodies over 100 MB. */
export const LIMITS = {
  artifactBytes: 100 * 1024 * 1024,
  unpackedBytes: 500 * 1024 * 1024,
  files: 20_000,
  pathBytes: 1_024,
  segmentBytes: 255,
  depth: 100,
} as const;

/** The two modes a file can have: git keeps no others. */
export type FileMode = '100644' | '100755';

/** One file of a course, before its content is read. `path` is valid and relative, with `/` between its parts. */
export interface CourseEntry {
  readonly path: string;
  readonly mode: FileMode;
  /** Bytes of content. */
  readonly size: number;
}

/** One file of a course with its content. `content` may be read once. */
export interface CourseFile extends CourseEntry {
  readonly content: AsyncIterable<Uint8Array>;
}

const CONTROL_OR_RESERVED = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\]/u;
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\uffa0\ufff9-\uffff]/u;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;

/** Names that tools act on automatically, so no course may contain them; compared without case. */
const FORBIDDEN_NAMES = new Map([
  ['.git', 'git would treat it as a repository'],
  ['git~1', 'Windows reads it as .git'],
  ['node_modules', 'packages are installed, not shipped'],
  ['.npmrc', 'it would configure npm on the student’s machine'],
  ['.yarnrc', 'it would configure yarn on the student’s machine'],
  ['.yarnrc.yml', 'it would configure yarn on the student’s machine'],
  ['.pnpmfile.cjs', 'pnpm would run it'],
  ['.pnpmfile.mjs', 'pnpm would run it'],
  ['bunfig.toml', 'it would configure bun on the student’s machine'],
]);

/** Why a path cannot be in a course, or undefined if it can. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (byteLength(path) > LIMITS.pathBytes) return `is longer than ${LIMITS.pathBytes} bytes`;
  if (path.startsWith('/')) return 'is absolute';
  if (CONTROL_OR_RESERVED.test(path)) return 'has a character that not every system can store';
  if (INVISIBLE.test(path) || LONE_SURROGATE.test(path)) return 'has an invisible character';
  if (path !== path.normalize('NFC')) return 'is not in Unicode normal form C';
  const segments = path.split('/');
  if (segments.length > LIMITS.depth) return `is deeper than ${LIMITS.depth} folders`;
  if (segments[0]?.toLowerCase() === '.progy') return 'is in .progy, which is reserved for the registry';
  if (path.toLowerCase() === PROGY_LOCK) return 'is reserved for progy init';
  return firstDefined(segments, segmentProblem);
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'has an empty part';
  // NFKC catches full-width dots, which some file systems fold to real ones.
  const folded = segment.normalize('NFKC').toLowerCase();
  if (folded === '.' || folded === '..' || folded.includes('/')) return 'leaves the course folder';
  if (byteLength(segment) > LIMITS.segmentBytes) return `has a part longer than ${LIMITS.segmentBytes} bytes`;
  if (/[. ]$/.test(segment)) return 'has a part that ends with a dot or a space, which Windows drops';
  if (WINDOWS_DEVICE.test(folded)) return 'has a name that Windows reserves';
  const reason = FORBIDDEN_NAMES.get(folded);
  return reason === undefined ? undefined : `is not allowed: ${reason}`;
}

/**
 * Checks a path from an archive or a folder.
 * @throws {RegistryError} INVALID_ARTIFACT with `path` (escaped) and `problem`.
 */
export function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw pathError(path, problem);
}

/**
 * Checks the set of paths: no two that some file system would write over each other, no file where another needs a folder.
 * @throws {RegistryError} INVALID_ARTIFACT.
 */
export function checkCollisions(paths: Iterable<string>): void {
  const places = Array.from(paths, toPlace).sort((a, b) => (a.folded < b.folded ? -1 : 1));
  // Sorted this way, collisions are neighbours: a table of all folders could outgrow an isolate's memory.
  for (let i = 1; i < places.length; i++) checkNeighbours(places[i - 1] as Place, places[i] as Place);
}

/** A path, and how a case-insensitive file system sees it. NUL for `/` sorts a folder's content right after its name. */
interface Place {
  path: string;
  folded: string;
}

function toPlace(path: string): Place {
  return { path, folded: foldPath(path).replaceAll('/', '\0') };
}

function checkNeighbours(before: Place, after: Place): void {
  // Nearly all paths are fine, and quoting takes longer than all the rest.
  const shown = () => quote(before.path);
  if (after.folded === before.folded) throw pathError(after.path, `is the same file as ${shown()} on some systems`);
  if (after.folded.startsWith(`${before.folded}\0`)) throw pathError(before.path, 'is a file and a folder at once');
  const shared = sharedFolders(before.folded, after.folded);
  if (foldersOf(before.path, shared) !== foldersOf(after.path, shared))
    throw pathError(after.path, `shares a folder with ${shown()} on some systems`);
}

/** How many leading folders two folded paths have in common. */
function sharedFolders(a: string, b: string): number {
  let folders = 0;
  for (let i = 0; i < a.length && a[i] === b[i]; i++) if (a[i] === '\0') folders++;
  return folders;
}

function foldersOf(path: string, count: number): string {
  return path.split('/', count).join('/');
}

/** Two paths with the same fold are one file on APFS or NTFS. Upper case first: ß and ẞ become SS, the Kelvin sign a k. */
export function foldPath(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/**
 * Checks for the files that every course must have.
 * @throws {RegistryError} INVALID_COURSE; `found` names a course.json in the wrong place.
 */
export function checkRequired(paths: readonly string[]): void {
  if (!paths.includes(COURSE_JSON)) throw missingCourseJson(paths);
  if (!paths.some((path) => path.startsWith(CONTENT_FOLDER))) {
    throw new RegistryError('INVALID_COURSE', 'A course needs a content/ folder with at least one file', {
      path: CONTENT_FOLDER,
    });
  }
}

function missingCourseJson(paths: readonly string[]): RegistryError {
  const found = paths.find((path) => path.split('/').at(-1)?.toLowerCase() === COURSE_JSON);
  const hint = found === undefined ? '' : `; found ${quote(found)}`;
  return new RegistryError('INVALID_COURSE', `A course needs course.json at its root${hint}`, {
    path: COURSE_JSON,
    ...(found === undefined ? {} : { found: quote(found) }),
  });
}

/** Folders and files that `progy pack` never packs, whatever "files" says: repositories, packages, secrets, packed courses, OS junk. */
export function isNeverPacked(path: string): boolean {
  if (path.toLowerCase() === PROGY_LOCK) return true;
  return path.split('/').some((segment) => {
    const name = segment.toLowerCase();
    return NEVER_PACKED.has(name) || name.endsWith('.progy') || name.startsWith('.env') || name.startsWith('._');
  });
}

const NEVER_PACKED = new Set([
  ...FORBIDDEN_NAMES.keys(),
  '.progy',
  '.ds_store',
  'thumbs.db',
  'desktop.ini',
  '__macosx',
  '.hg',
  '.svn',
]);

/** Compares paths by their UTF-8 bytes: the order of files in packed courses and tree hashes, the same in every locale. */
export function comparePaths(a: string, b: string): number {
  // UTF-16 order differs from UTF-8 order only where surrogates meet U+E000 to U+FFFF.
  return a === b ? 0 : codePointsBefore(a, b) ? -1 : 1;
}

function codePointsBefore(a: string, b: string): boolean {
  const others = b[Symbol.iterator]();
  for (const character of a) {
    const other = others.next();
    if (other.done) return false;
    if (character !== other.value) return (character.codePointAt(0) ?? 0) < (other.value.codePointAt(0) ?? 0);
  }
  return true;
}

function pathError(path: string, problem: string): RegistryError {
  return new RegistryError('INVALID_ARTIFACT', `The path "${quote(path)}" ${problem}`, {
    path: quote(path),
    problem,
  });
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Passes an artifact's bytes through, up to the size limit.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE with `limit` in bytes, or whatever `error` returns.
 */
export async function* countingUpTo(
  source: AsyncIterable<Uint8Array>,
  limit: number = LIMITS.artifactBytes,
  error: () => RegistryError = () => tooLarge(limit),
): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > limit) throw error();
    yield chunk;
  }
}

/** The error for an artifact over `limit` bytes. */
export function tooLarge(limit: number): RegistryError {
  return new RegistryError('PAYLOAD_TOO_LARGE', `File too large: a course may have at most ${limit / 1024 / 1024} MB`, {
    limit,
  });
}
