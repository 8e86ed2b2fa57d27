// Owns adopting a copy of a course: finding which version it is, and giving it what progy needs.
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Course } from '@progy/protocol/course/course.ts';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { openCache } from '../registry/cache.ts';
import { chooseRegistry } from '../registry/choice.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { createCourseSource } from '../registry/source.ts';
import { type CourseSpec, parseCourseSpec } from '../registry/spec.ts';
import { GitError, gitIn } from '../student/git.ts';
import { lockOf, lockText } from '../student/lock.ts';
import { initialize } from '../student/portfolio.ts';
import { firstCommitMessage } from '../student/repository.ts';
import { entryAt } from '../student/transition/entry.ts';
import { moveHead } from '../student/transition/git-state.ts';
import { placeOf, type WithoutGit } from '../student/transition/place.ts';
import { type Comparison, compareWith } from './comparison.ts';
import { tellLeftOut } from './left-out.ts';
import { storeWork } from './merge/trees.ts';
import { type Origin, versionOf } from './pristine.ts';

export interface Adopting {
  /** Absolute path of the copy. */
  readonly folder: string;
  readonly course: Course;
  readonly spec?: string;
  readonly registry?: string;
}

export interface Adopted {
  readonly name: string;
  readonly version: string;
  /** How the copy differs from what was published. */
  readonly work: Comparison;
  readonly repository: 'made' | 'there' | 'failed' | Exclude<WithoutGit, 'no-repository'>;
}

/** Downloads that are compared before giving up. */
const MAX_COMPARED = 8;

interface Candidate {
  readonly version: ResolvedCourse;
  readonly work: Comparison;
  /** Paths of what was published. */
  readonly paths: readonly string[];
  /** Share of the published files that are as published, from 0 to 1. */
  readonly share: number;
}

/**
 * Makes a copy a started course. Writes the lock, and a repository if there is none; changes no file that is there.
 * @throws {CliError} ADOPTED if it is one, NOT_RECOGNIZED if no version is like it.
 */
export async function adoptCourse(adopting: Adopting, context: Context): Promise<Adopted> {
  const { folder, course } = adopting;
  const lock = join(folder, PROGY_LOCK);
  if ((await entryAt(lock)) !== null) throw new CliError('ADOPTED', 'This is a started course already');
  const spec = parseCourseSpec(adopting.spec ?? course.name.full);
  const registry = await chooseRegistry(context, adopting.registry, spec.name.scope);
  const cache = await openCache(context);
  const source = createCourseSource(registry, { cache }, context.signal);
  const candidate = await recognize(adopting, spec, { registry, source }, context);
  const { version, work } = candidate;
  await writeFile(lock, lockText(lockOf(version, registry.url)), { flag: 'wx' });
  return {
    name: version.name,
    version: version.version,
    work,
    repository: await repositoryFor(folder, candidate, context),
  };
}

/** The version that was named, or that course.json says, or else the one that most files are of. */
async function recognize(adopting: Adopting, spec: CourseSpec, origin: Origin, context: Context): Promise<Candidate> {
  const { course, folder } = adopting;
  const place = await placeOf(folder, context);
  return withTemporaryFolder(tmpdir(), async (temporary) => {
    const compare = async (wanted: string): Promise<Candidate> => {
      const version = await origin.source.resolve(parseCourseSpec(`${spec.name.full}@${wanted}`));
      const pristine = await versionOf(version, origin, temporary, context);
      const work = await compareWith(pristine, place);
      const paths = pristine.files.map(({ path }) => path);
      return { version, work, paths, share: 1 - (work.changed.length + work.removed.length) / paths.length };
    };
    if (adopting.spec !== undefined && spec.wanted !== 'latest') return compare(spec.wanted);
    const published = await origin.source.versions(spec.name.full);
    const likely = [course.version, ...published.filter((version) => version !== course.version)];
    const candidates: Candidate[] = [];
    for (const version of likely.filter((version) => published.includes(version)).slice(0, MAX_COMPARED)) {
      const candidate = await compare(version);
      if (candidate.share === 1) return candidate;
      candidates.push(candidate);
    }
    const [best] = candidates.sort((one, other) => other.share - one.share);
    if (best !== undefined && best.share >= 0.5) return best;
    throw notRecognized(spec.name.full);
  });
}

function notRecognized(name: string): CliError {
  return new CliError(
    'NOT_RECOGNIZED',
    `No version of ${name} is like this copy`,
    `If you know it: progy adopt ${name}@1.0.0`,
  );
}

async function repositoryFor(folder: string, candidate: Candidate, context: Context): Promise<Adopted['repository']> {
  const { withoutGit } = await placeOf(folder, context);
  if (withoutGit === undefined) return 'there';
  if (withoutGit !== 'no-repository') return withoutGit;
  try {
    await makeRepository(folder, candidate, context);
    return 'made';
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await rm(join(folder, '.git'), { recursive: true, force: true });
    return 'failed';
  }
}

/** A repository with one commit of all that is not ignored. */
async function makeRepository(folder: string, { version, paths }: Candidate, context: Context): Promise<void> {
  await initialize(gitIn(folder, context.env, context.signal), folder);
  const { plumbing } = await placeOf(folder, context);
  if (plumbing === undefined) return;
  const index = join(plumbing.gitDir, 'index');
  // The lock too: without it, the commit would be of no started course.
  const { tree, leftOut } = await storeWork(plumbing, [...paths, PROGY_LOCK], index);
  tellLeftOut(leftOut, context.talk);
  const message = firstCommitMessage(version);
  const commit = await plumbing.commitTree(tree, [], message);
  await moveHead(plumbing, { from: null, to: commit, label: message });
}
