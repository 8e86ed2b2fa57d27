// Owns reading a course's npm tarball back to course files, which must match its list exactly.
import type { Header } from 'tar-stream';
import { unsoundArchive } from '../archive-error.ts';
import { Drainable } from '../bytes/drainable.ts';
import { hashing, toHex } from '../bytes/integrity.ts';
import type { Platform } from '../bytes/platform.ts';
import {
  type CourseEntry,
  type CourseFile,
  checkCollisions,
  checkPath,
  type FileMode,
  LIMITS,
} from '../course/course-files.ts';
import { type HashedEntry, treeHash } from '../course/tree-hash.ts';
import { type FileList, MAX_FILE_LIST_BYTES, parseFileList } from './file-list.ts';
import { MAX_NOTICE_BYTES } from './notice.ts';
import { tarballEntries } from './tar-entries.ts';
import { TAR_MODES } from './tar-packing.ts';
import { FILE_LIST_ENTRY, MANIFEST_ENTRY, NOTICE_ENTRY, pathOf, storedName } from './tarball-layout.ts';

const unsound = unsoundArchive('The tarball');

/** Manifest, notice and list. */
const OWN_ENTRIES = 3;

/**
 * Reads a tarball that `writeTarball` wrote, giving its course files under their own names. Drains any content that was
 * not read to its end. The whole is checked against files.json only after the last file, so use what was read
 * only once the iterable has ended.
 * @throws {RegistryError} INVALID_ARTIFACT for anything that is not the tarball of a course.
 */
export async function* readTarball(source: AsyncIterable<Uint8Array>, platform: Platform): AsyncIterable<CourseFile> {
  const seen = new Set<string>();
  const files: HashedEntry[] = [];
  let list: FileList | undefined;
  for await (const { header, content } of tarballEntries(source, platform, unsound)) {
    if (list !== undefined) throw unsound('has an entry after its list of files', header.name);
    checkEntry(header, seen);
    if (header.name === FILE_LIST_ENTRY) list = await readFileList(header, content);
    else if (!isOurs(header)) files.push(yield* readCourseFile(header, content, platform));
    await content.drain();
  }
  if (list === undefined) throw unsound('has no list of files');
  checkAsListed(files, list, platform);
}

/** Regular files with our modes, each name once. We write only the path in pax headers: readers differ about the rest. */
function checkEntry(header: Header, seen: Set<string>): void {
  if (header.type !== 'file') throw unsound('is not a regular file', header.name);
  if (Object.keys(header.pax ?? {}).some((key) => key !== 'path')) throw unsound('has a strange header', header.name);
  if (modeOf(header) === undefined) throw unsound('has a mode that course files cannot have', header.name);
  if (seen.has(header.name)) throw unsound('appears twice', header.name);
  seen.add(header.name);
  if (seen.size > LIMITS.files + OWN_ENTRIES) throw unsound('has too many entries');
}

function modeOf(header: Header): FileMode | undefined {
  if (header.mode === TAR_MODES['100644']) return '100644';
  return header.mode === TAR_MODES['100755'] ? '100755' : undefined;
}

/** What the registry adds and nobody needs back. Tarballs of before have no notice. */
function isOurs({ name, size = 0 }: Header): boolean {
  if (name === NOTICE_ENTRY && size > MAX_NOTICE_BYTES) throw unsound('is too large', name);
  return name === MANIFEST_ENTRY || name === NOTICE_ENTRY;
}

async function readFileList(header: Header, content: Drainable): Promise<FileList> {
  const size = header.size ?? 0;
  if (size > MAX_FILE_LIST_BYTES) throw unsound('is too large', header.name);
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const piece of content) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return parseFileList(bytes, unsound);
}

/** Yields one course file and, once its content has been read, returns it with its hash. */
async function* readCourseFile(
  header: Header,
  content: Drainable,
  platform: Platform,
): AsyncGenerator<CourseFile, HashedEntry> {
  const entry = courseEntryOf(header);
  const hash = platform.createHash('sha256');
  const hashed = new Drainable(hashing(content, hash));
  yield { ...entry, content: hashed };
  await hashed.drain();
  return { ...entry, sha256: toHex(hash.digest()) };
}

function courseEntryOf(header: Header): CourseEntry {
  const path = pathOf(header.name);
  if (path === undefined) throw unsound('is not where course files belong', header.name);
  checkPath(path);
  return { path, mode: modeOf(header) ?? '100644', size: header.size ?? 0 };
}

/**
 * Checks files against the list that came with them, in its order.
 * @throws {RegistryError} INVALID_ARTIFACT.
 */
export function checkAsListed(files: readonly HashedEntry[], list: FileList, platform: Platform): void {
  checkCollisions(files.map((file) => file.path));
  const different = files.find((file, i) => !isAsListed(file, list.files[i]));
  if (different !== undefined) throw unsound('does not match the list of files', different.path);
  if (list.files.length > files.length) throw unsound('is missing', list.files[files.length]?.path);
  if (list.tree !== treeHash(files, platform)) throw unsound('has a different tree hash than it declares');
}

function isAsListed(file: HashedEntry, listed: FileList['files'][number] | undefined): boolean {
  return (
    listed !== undefined &&
    listed.path === file.path &&
    listed.mode === file.mode &&
    listed.size === file.size &&
    listed.sha256 === file.sha256 &&
    listed.stored === storedName(file.path)
  );
}
