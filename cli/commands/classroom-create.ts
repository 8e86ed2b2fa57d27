// Owns `progy classroom create`: the folder that a teacher commits, and every student clones.
import { relative, resolve } from 'node:path';
import { commitClass, createClass } from '../classroom/create-class.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { repositoryAround } from '../student/portfolio.ts';
import type { CreateOptions } from '../usage/classroom.ts';
import { type ClassCreation, showCreatedClass } from '../views/classroom/class-folder.ts';

export async function run(options: CreateOptions, context: Context): Promise<ClassCreation> {
  const specs = options.courses.map(parseCourseSpec);
  const { manager } = options;
  const target = resolve(context.cwd, options.dir ?? `${specs[0]?.name.slug}-class`);
  const created = await createClass({ specs, manager, registry: options.registry, target }, context);
  const outer = await repositoryAround(target, context);
  const wanted = options.git && created.isAlone && outer === undefined && (await wantsRepository(options, context));
  const git = wanted ? await commitClass(target, created.files, context) : undefined;
  return { ...created, path: target, shownPath: relative(context.cwd, target), manager, git, outer };
}

export const usesCache = true;

export const views: Views<ClassCreation> = {
  human: showCreatedClass,
  json: ({ courses, path, files, manager, git }) => ({
    courses: courses.map(({ name, version, integrity }) => ({ name, version, integrity })),
    path,
    files,
    manager,
    git: git ?? null,
  }),
};

/** Asks a person; without one, only --yes makes a repository. */
async function wantsRepository({ yes }: CreateOptions, { talk }: Context): Promise<boolean> {
  if (yes) return true;
  if (!talk.watched) return false;
  return /^y/i.test(await talk.ask('Make a git repository of it, with a first commit? (yes or no)'));
}
