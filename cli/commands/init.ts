// Owns `progy init`: starting a course from a registry in the student's own folder and git repository.
import { relative, resolve } from 'node:path';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import type { UnpackedCourse } from '../course/unpack.ts';
import { readyAgent } from '../network/ready-agent.ts';
import { chooseRegistry } from '../registry/choice.ts';
import type { CheckedSignature } from '../registry/signature.ts';
import type { ResolvedCourse } from '../registry/source.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { writeProgyLock } from '../student/lock.ts';
import {
  firstCommitMessage,
  isRepository,
  type NoRepository,
  type Repository,
  repositoryAround,
  startPortfolio,
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
  const target = await checkTarget(resolve(cwd, options.dir ?? spec.name.slug));
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  const agent = await readyAgent(registry.url, context.env);
  const { getCourse } = await import('../student/get-course.ts');
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const outer = options.git ? repositoryAround(target.existingParent, context) : Promise.resolve(undefined);
    const { course, signature, folder, ...unpacked } = await getCourse(
      { spec, registry, agent, temporary, outer },
      context,
    );
    await writeProgyLock(folder, course, registry.url);
    const git = options.git ? await startPortfolio(folder, firstCommitMessage(course), context) : undefined;
    context.signal.throwIfAborted();
    await moveIntoPlace(folder, target, cwd);
    const shownPath = relative(cwd, target.path);
    return { ...course, ...unpacked, path: target.path, shownPath, registry: registry.label, signature, git };
  });
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
