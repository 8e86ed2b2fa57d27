// Owns `progy init`: starting a course from a registry in the student's own folder and git repository.
import { relative, resolve } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import type { UnpackedCourse } from '../course/unpack.ts';
import { readyAgent } from '../network/ready-agent.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import type { CheckedSignature } from '../registry/signature.ts';
import type { ResolvedCourse } from '../registry/source.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import type { CheckedCourse } from '../student/get-course.ts';
import { writeProgyLock } from '../student/lock.ts';
import {
  firstCommitMessage,
  isRepository,
  NO_PORTFOLIO,
  type NoRepository,
  Portfolio,
  type Repository,
  repositoryAround,
} from '../student/portfolio.ts';
import { checkTarget, moveIntoPlace } from '../student/target.ts';
import type { InitOptions } from '../usage/init.ts';
import { showStart } from '../views/init.ts';

export interface InitResult extends ResolvedCourse, UnpackedCourse {
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

export async function run(options: InitOptions, context: Context): Promise<InitResult> {
  const { cwd } = context;
  const spec = parseCourseSpec(options.spec);
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  const target = await checkTarget(resolve(cwd, options.dir ?? spec.name.slug));
  const agent = await readyAgent(registry.url, context.env);
  const { getCourse } = await import('../student/get-course.ts');
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const outer = options.git ? repositoryAround(target.existingParent, context) : Promise.resolve(undefined);
    const follow = (folder: string) => (options.git ? new Portfolio(folder, context) : NO_PORTFOLIO);
    const checked = await getCourse({ spec, registry, agent, temporary, outer, follow }, context);
    const git = await finish(checked, registry, context);
    await moveIntoPlace(checked.folder, target, cwd);
    const { course, signature, files, tree } = checked;
    const shownPath = relative(cwd, target.path);
    return { ...course, files, tree, path: target.path, shownPath, registry: registry.label, signature, git };
  });
}

/** Adds the lock, and makes the first commit, if there is to be a repository. */
async function finish(
  { course, folder, follower }: CheckedCourse,
  registry: Registry,
  { signal }: Context,
): Promise<Repository | NoRepository | undefined> {
  try {
    await writeProgyLock(folder, course, registry.url);
    follower.add(PROGY_LOCK);
    const git = await follower.commit(firstCommitMessage(course));
    signal.throwIfAborted();
    return git;
  } finally {
    await follower.abandon();
  }
}

export const views: Views<InitResult> = {
  human: showStart,
  json: ({ name, version, path, resolved, integrity, tree, registry, signature, files, git, deprecated, yanked }) => ({
    name,
    version,
    path,
    resolved,
    integrity,
    tree,
    registry,
    signature: signature ?? null,
    fileCount: files.length,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(yanked === undefined ? {} : { yanked }),
    git: git !== undefined && isRepository(git) ? { commit: git.commit, branch: git.branch } : null,
    ...(git !== undefined && !isRepository(git) ? { gitProblem: git.problem } : {}),
  }),
};
