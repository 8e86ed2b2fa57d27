// Owns the course as it was published: one version of it, whole, in a folder of its own.

import { tmpdir } from 'node:os';
import type { HashedEntry } from '@progy/protocol/course/tree-hash.ts';
import type { Context } from '../context.ts';
import { downloadCourse } from '../course/download.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { openCache } from '../registry/cache.ts';
import { chooseLockedRegistry, type Registry } from '../registry/choice.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { type CourseSource, createCourseSource } from '../registry/source.ts';
import type { ProgyLock } from '../student/lock.ts';
import { NO_PORTFOLIO } from '../student/portfolio.ts';

/** A version of a course on disk, unchanged. */
export interface Pristine {
  /** Absolute path. */
  readonly folder: string;
  readonly version: string;
  readonly files: readonly HashedEntry[];
}

/** Where versions of one course come from. */
export interface Origin {
  readonly registry: Registry;
  readonly source: CourseSource;
}

/** The registry that a course was started from, or the one that an option names. */
export async function originOf(lock: ProgyLock, option: string | undefined, context: Context): Promise<Origin> {
  const registry = await chooseLockedRegistry(context, option, lock.registry);
  const cache = await openCache(context);
  return { registry, source: createCourseSource(registry, { cache }, context.signal) };
}

/**
 * The version that a course was started from, from the cache if it is there. The bytes are those that the lock pins.
 * @param temporary absolute path of a folder to create it in.
 */
export async function lockedVersion(
  lock: ProgyLock,
  origin: Origin,
  temporary: string,
  context: Context,
): Promise<Pristine> {
  const { name, version, resolved, integrity } = lock;
  const course = { name, version, resolved, integrity, signatures: [], publishedAt: new Date(Number.NaN) };
  return versionOf(course, origin, temporary, context);
}

/** A version that the registry has just described. */
export async function versionOf(
  course: ResolvedCourse,
  { source }: Origin,
  temporary: string,
  { signal, talk }: Context,
): Promise<Pristine> {
  return talk.during(`Getting ${course.name} ${course.version}`, async () => {
    const { folder, files } = await downloadCourse(source, course, { temporary, signal, follow: () => NO_PORTFOLIO });
    return { folder, files, version: course.version };
  });
}

/** Gives the work the version that a course was started from, as long as it takes. */
export async function withLockedVersion<T>(
  lock: ProgyLock,
  registry: string | undefined,
  context: Context,
  work: (pristine: Pristine) => Promise<T>,
): Promise<T> {
  const origin = await originOf(lock, registry, context);
  return withTemporaryFolder(tmpdir(), async (temporary) => {
    return work(await lockedVersion(lock, origin, temporary, context));
  });
}
