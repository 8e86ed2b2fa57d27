// Owns `progy init`: starting a course from a registry in the student's own folder and git repository.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { readyAgent } from '../network/ready-agent.ts';
import { chooseRegistry } from '../registry/choice.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { isRepository } from '../student/repository.ts';
import type { StartedCourse } from '../student/start-course.ts';
import type { InitOptions } from '../usage/init.ts';
import { showStart } from '../views/init.ts';

export type InitResult = StartedCourse;

export async function run(options: InitOptions, context: Context): Promise<InitResult> {
  const spec = parseCourseSpec(options.spec);
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  // It connects while the rest is loaded.
  const agent = await readyAgent(registry.url, context.env);
  const { startCourse } = await import('../student/start-course.ts');
  return startCourse({ ...options, spec, registry, agent }, context);
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
