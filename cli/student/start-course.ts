// Owns starting a course: from what a student asked for to a finished folder in its place.
import type { Agent } from 'node:http';
import { relative, resolve } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import type { UnpackedCourse } from '../course/unpack.ts';
import type { CacheUse } from '../network/kept-exchange.ts';
import { tidyCache } from '../registry/cache.ts';
import type { Registry } from '../registry/choice.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import type { CheckedSignature } from '../registry/signature.ts';
import type { CourseSpec } from '../registry/spec.ts';
import { type CheckedCourse, getCourse, type Wish } from './get-course.ts';
import { writeProgyLock } from './lock.ts';
import { NO_PORTFOLIO, Portfolio, repositoryAround } from './portfolio.ts';
import { firstCommitMessage, type NoRepository, type Repository } from './repository.ts';
import { checkTarget, moveIntoPlace } from './target.ts';

export interface CourseStart {
  readonly spec: CourseSpec;
  readonly registry: Registry;
  /** Undefined: pacote's own. */
  readonly agent: Agent | undefined;
  /** Undefined: the registry is asked as usual. */
  readonly use?: CacheUse;
  /** Folder to create, from where the person stands; by default that of the slug. */
  readonly dir?: string;
  /** Whether to make a repository. */
  readonly git: boolean;
  readonly check?: Wish['check'];
  /** URL of the registry to write down, if the one that answers is a copy of it. */
  readonly copyOf?: string;
}

/** A course that was started just now. */
export interface NewCourse extends ResolvedCourse, UnpackedCourse {
  /** Absolute. */
  readonly path: string;
  /** Path relative to the working folder; empty for that folder itself. */
  readonly shownPath: string;
  readonly tree: string;
  readonly registry: string;
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
  readonly git: Repository | NoRepository | undefined;
}

/**
 * Starts a course in a folder of its own.
 * @throws {CliError} TARGET_NOT_EMPTY; what getting the course throws. Then no folder is left behind.
 */
export async function startCourse(start: CourseStart, context: Context): Promise<NewCourse> {
  const { spec, registry, agent, use } = start;
  const { cwd } = context;
  const target = await checkTarget(resolve(cwd, start.dir ?? spec.name.slug));
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const outer = start.git ? repositoryAround(target.existingParent, context) : Promise.resolve(undefined);
    const follow = (folder: string) => (start.git ? new Portfolio(folder, context) : NO_PORTFOLIO);
    const { check, copyOf } = start;
    const announce = await announcing(start, relative(cwd, target.path), context);
    const wish = { spec, registry, agent, use, temporary, outer, check, announce, follow };
    const checked = await getCourse(wish, context);
    const tidying = tidyCache(context);
    const course = copyOf === undefined ? checked.course : asAt(copyOf, checked.course);
    const git = await finishCourse({ ...checked, course }, copyOf ?? registry.url, context);
    await moveIntoPlace(checked.folder, target, cwd);
    await tidying;
    const { signature, files, tree } = checked;
    const shownPath = relative(cwd, target.path);
    return { ...course, files, tree, path: target.path, shownPath, registry: registry.label, signature, git };
  });
}

/** Shows the plan to whoever is watching; nobody else waits for the code that does so. */
async function announcing(
  { git, registry }: CourseStart,
  shownPath: string,
  { talk, columns }: Context,
): Promise<Wish['announce']> {
  if (!talk.watched) return undefined;
  const { showPlan } = await import('./plan.ts');
  return (course, signature) =>
    talk.note(showPlan({ course, signature, registry: registry.label, shownPath, git }, columns));
}

/** A course with the address that its tarball has at a registry. */
function asAt(registry: string, course: ResolvedCourse): ResolvedCourse {
  const { pathname } = new URL(course.resolved);
  return { ...course, resolved: new URL(pathname, registry).href };
}

/**
 * Adds the lock, and makes the first commit, if there is to be a repository. Then nothing writes to the folder any more.
 * @param registry URL to write down.
 */
export async function finishCourse(
  { course, folder, follower }: Pick<CheckedCourse, 'course' | 'folder' | 'follower'>,
  registry: string,
  { signal }: Context,
): Promise<Repository | NoRepository | undefined> {
  try {
    const lock = Buffer.from(await writeProgyLock(folder, course, registry));
    await follower.begin({ path: PROGY_LOCK, mode: '100644', size: lock.length });
    await follower.write(lock);
    const git = await follower.commit(firstCommitMessage(course));
    signal.throwIfAborted();
    return git;
  } finally {
    await follower.abandon();
  }
}
