// Owns finding the version that a lockfile pins for a course, and holding the registry to it.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import type { CourseSource } from '../registry/source.ts';
import type { LockedCourse } from './lockfiles/locked-course.ts';
import { LOCKFILE_NAMES, type Lockfile, lockedCourses } from './lockfiles/read-lockfile.ts';

/** A version of a course, as one or more lockfiles of a folder pin it. */
export interface PinnedCourse {
  readonly name: PackageName;
  readonly version: string;
  /** Path or URL of the lockfile; of several, the first in npm's order. */
  readonly lockfile: string;
  /** Each must hold: a folder can have lockfiles of several package managers. */
  readonly locks: readonly LockedCourse[];
}

/** A lockfile and where it is. */
interface PlacedLockfile extends Lockfile {
  readonly path: string;
}

/**
 * What the nearest lockfile in a folder, or above it, pins of a course. Lockfiles that do not name the course are passed over.
 * @param folder absolute.
 * @param version which of several pinned versions is meant.
 * @throws {CliError} LOCKFILE_INVALID; LOCKFILE_AMBIGUOUS for several versions of which none is meant.
 */
export async function pinnedAbove(
  name: PackageName,
  folder: string,
  version?: string,
): Promise<PinnedCourse | undefined> {
  const pinned = await pinnedIn(name, folder, version);
  const parent = dirname(folder);
  if (pinned !== undefined || parent === folder) return pinned;
  return pinnedAbove(name, parent, version);
}

/** What the lockfiles of one folder pin of a course. Throws like {@link pinnedAbove}. */
export async function pinnedIn(name: PackageName, folder: string, version?: string): Promise<PinnedCourse | undefined> {
  return pinnedBy(name, await lockfilesIn(folder), version);
}

/** What some lockfiles pin together. Throws like {@link pinnedAbove}. */
export async function pinnedBy(
  name: PackageName,
  lockfiles: readonly PlacedLockfile[],
  version?: string,
): Promise<PinnedCourse | undefined> {
  const found = await Promise.all(lockfiles.map(async (file) => ({ file, locks: await lockedCourses(file, name) })));
  const naming = found.filter(({ locks }) => locks.length > 0);
  const [first] = naming;
  if (first === undefined) return undefined;
  const versions = [...new Set(naming.flatMap(({ locks }) => locks.map((lock) => lock.version)))];
  const meant = versions.length === 1 ? versions[0] : versions.find((pinned) => pinned === version);
  if (meant === undefined) throw ambiguous(name, versions, first.file.path);
  const locks = naming.flatMap((one) => one.locks.filter((lock) => lock.version === meant));
  return { name, version: meant, lockfile: first.file.path, locks };
}

/** The lockfiles in a folder, in npm's order. */
export async function lockfilesIn(folder: string): Promise<PlacedLockfile[]> {
  const read = LOCKFILE_NAMES.map(async (fileName) => {
    const path = join(folder, fileName);
    const text = await readFile(path, 'utf8').catch(noFile);
    return text === undefined ? [] : [{ fileName, path, text }];
  });
  return (await Promise.all(read)).flat();
}

/**
 * Checks that a registry offers the bytes that a lockfile pins. Of a lockfile of Yarn 4 it needs the tarball, which is
 * then in the cache.
 * @param registry its address, for sentences.
 * @throws {CliError} LOCKFILE_MISMATCH; what getting the tarball throws.
 */
export async function checkPinned(
  course: ResolvedCourse,
  pinned: PinnedCourse,
  source: CourseSource,
  registry: string,
): Promise<void> {
  for (const { integrity } of pinned.locks) {
    const offered = integrity.kind === 'tarball' ? course.integrity.split(' ') : [await yarnZipOf(course, source)];
    if (!offered.includes(integrity.value)) throw otherBytes(pinned, registry);
  }
}

/** The checksum that Yarn 4 would write for a course. */
async function yarnZipOf(course: ResolvedCourse, source: CourseSource): Promise<string> {
  const { packageFilesOf } = await import('./lockfiles/tarball-files.ts');
  const { yarnChecksum } = await import('./lockfiles/yarn-zip.ts');
  const { value } = await source.receive(course, (bytes) =>
    yarnChecksum(course.name, packageFilesOf(bytes, nodePlatform)),
  );
  return value;
}

function otherBytes({ name, version, lockfile }: PinnedCourse, registry: string): CliError {
  const message = `${registry} serves other bytes of ${name.full} ${version} than ${shownLockfile(lockfile)} pins`;
  return new CliError('LOCKFILE_MISMATCH', message);
}

function ambiguous({ full }: PackageName, versions: readonly string[], lockfile: string): CliError {
  const message = `The lockfiles in ${dirname(lockfile)} pin more than one version of ${full}: ${versions.join(', ')}`;
  return new CliError(
    'LOCKFILE_AMBIGUOUS',
    message,
    `Name the one that you want: progy init ${full}@${versions.at(-1)}`,
  );
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code ?? '')) throw error;
}

/** A lockfile as sentences name it: its name, or its whole address. */
export function shownLockfile(lockfile: string): string {
  return URL.canParse(lockfile) ? quote(lockfile) : basename(lockfile);
}
