// Owns reading any lockfile: which file belongs to which package manager, and what it pins of a course.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../../cli-error.ts';
import { type LockedCourse, type LockfileReader, lockedCourse, type Manager, unreadable } from './locked-course.ts';

/** Lockfiles of large projects have a few megabytes. */
export const MAX_LOCKFILE_BYTES = 16 * 1024 * 1024;

/** The names of lockfiles, in the order in which npm prefers its own two. */
export const LOCKFILE_NAMES = [
  'npm-shrinkwrap.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
] as const;

export type LockfileName = (typeof LOCKFILE_NAMES)[number];

/** A lockfile's text, and the name that says what wrote it. */
export interface Lockfile {
  readonly fileName: LockfileName;
  readonly text: string;
}

interface Parser {
  readonly manager: Manager;
  readonly read: LockfileReader;
}

/**
 * What a lockfile pins of a course: nothing, or one or more versions, each once for every checksum that it has.
 * @throws {CliError} LOCKFILE_INVALID.
 */
export async function lockedCourses({ fileName, text }: Lockfile, name: PackageName): Promise<LockedCourse[]> {
  if (text.length > MAX_LOCKFILE_BYTES) throw unreadable(`${fileName} is larger than any that progy reads`);
  // Most lockfiles above a folder have nothing to do with the course: those are not parsed.
  if (!text.includes(name.full)) return [];
  const { manager, read } = await parserFor(fileName, text);
  const courses = entriesOf(() => read(text, name), fileName).map((entry) => lockedCourse(entry, name, manager));
  return [...firstOfEach(courses).values()];
}

function firstOfEach(courses: readonly LockedCourse[]): Map<string, LockedCourse> {
  const first = new Map<string, LockedCourse>();
  for (const course of courses) {
    const pinned = `${course.version} ${course.integrity.value}`;
    if (!first.has(pinned)) first.set(pinned, course);
  }
  return first;
}

/** Recognizes a lockfile by its name. @throws {CliError} USAGE. */
export function lockfileNameOf(path: string): LockfileName {
  const last = path.split(/[/\\]/).at(-1);
  const known = LOCKFILE_NAMES.find((name) => name === last);
  if (known !== undefined) return known;
  const message = `"${quote(last)}" is not the name of a lockfile`;
  throw new CliError('USAGE', message, `progy reads ${LOCKFILE_NAMES.join(', ')}.`);
}

/** A hostile file can make a parser run out of stack: that too is a file that cannot be read. */
function entriesOf<T>(read: () => Iterable<T>, fileName: string): T[] {
  try {
    return [...read()];
  } catch (cause) {
    throw unreadable(`${fileName} cannot be read`, cause);
  }
}

/** Loaded when needed: most runs meet one kind of lockfile, or none. */
async function parserFor(fileName: LockfileName, text: string): Promise<Parser> {
  if (fileName === 'pnpm-lock.yaml') return { manager: 'pnpm', read: (await import('./pnpm.ts')).readPnpmLock };
  if (fileName === 'bun.lock') return { manager: 'bun', read: (await import('./bun.ts')).readBunLock };
  if (fileName !== 'yarn.lock') return { manager: 'npm', read: (await import('./npm.ts')).readNpmLock };
  const { isYarn1, readYarn1Lock, readYarnLock } = await import('./yarn.ts');
  return isYarn1(text) ? { manager: 'yarn1', read: readYarn1Lock } : { manager: 'yarn', read: readYarnLock };
}
