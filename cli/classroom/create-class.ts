// Owns making a class folder: its files, and a lockfile that is checked against the registry before anything is in place.
import { lstat, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { openCache } from '../registry/cache.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { checkSignature } from '../registry/signature.ts';
import { type CourseSource, createCourseSource } from '../registry/source.ts';
import type { CourseSpec } from '../registry/spec.ts';
import { Portfolio } from '../student/portfolio.ts';
import type { NoRepository, Repository } from '../student/repository.ts';
import { type ClassPlan, classFiles } from './class-files.ts';
import type { Manager } from './lockfiles/locked-course.ts';
import { COMMANDS } from './managers.ts';
import { checkPinned, pinnedIn } from './pinned-course.ts';
import { managerVersion, writeLockfile } from './run-manager.ts';

/** A course that the class will pin, and where it comes from. */
interface Chosen {
  readonly name: PackageName;
  readonly course: ResolvedCourse;
  readonly registry: Registry;
  readonly source: CourseSource;
}

export interface ClassRequest {
  readonly specs: readonly CourseSpec[];
  readonly manager: Manager;
  /** `--registry`. */
  readonly registry?: string;
  /** Absolute. It may exist, without any of the files that the class needs. */
  readonly target: string;
}

export interface CreatedClass {
  readonly courses: readonly { readonly name: string; readonly version: string; readonly integrity: string }[];
  /** Names of the files, sorted. */
  readonly files: readonly string[];
  /** Whether the folder holds nothing else. */
  readonly isAlone: boolean;
}

/**
 * Makes a class folder. Everything is written and checked in a temporary folder first.
 * @throws {CliError} TARGET_NOT_EMPTY, MANAGER_FAILED, LOCKFILE_MISMATCH, SIGNATURE; what asking the registry throws.
 */
export async function createClass(request: ClassRequest, context: Context): Promise<CreatedClass> {
  const { manager, target } = request;
  const { talk } = context;
  const before = await readdir(target).catch(none);
  const chosen = await talk.during('Finding the courses', () => chooseAll(request, context));
  await mkdir(target, { recursive: true });
  return withTemporaryFolder(target, async (workshop) => {
    const version = await managerVersion(manager, workshop, context);
    const files = classFiles(planOf(request, chosen, version));
    await checkFree(target, [...Object.keys(files), COMMANDS[manager].lockfile]);
    for (const [name, text] of Object.entries(files)) await writeFile(join(workshop, name), text);
    await talk.during(`Writing ${COMMANDS[manager].lockfile}`, () => lock(manager, workshop, context));
    await talk.during('Checking the lockfile', () => checkLocked(workshop, chosen));
    const names = await putInPlace(workshop, target, [...Object.keys(files), COMMANDS[manager].lockfile]);
    return { courses: chosen.slice(1).map(({ course }) => course), files: names, isAlone: before.length === 0 };
  });
}

/** Makes a repository of a class folder that has none, with one commit. @param names of its files. */
export async function commitClass(
  folder: string,
  names: readonly string[],
  context: Context,
): Promise<Repository | NoRepository> {
  const portfolio = new Portfolio(folder, context);
  try {
    for (const path of names) {
      const bytes = await readFile(join(folder, path));
      await portfolio.begin({ path, mode: '100644', size: bytes.length });
      await portfolio.write(bytes);
    }
    return await portfolio.commit('Pin the courses of the class');
  } finally {
    await portfolio.abandon();
  }
}

/** progy itself first, then the courses. */
async function chooseAll({ specs, registry }: ClassRequest, context: Context): Promise<Chosen[]> {
  const courses = [];
  for (const spec of specs) courses.push(await chooseCourse(spec, registry, context));
  const from = courses[0]?.registry.url ?? registry;
  return [await chooseCourse({ name: CLIENT, wanted: 'latest', kind: 'range' }, from, context), ...courses];
}

async function chooseCourse(spec: CourseSpec, option: string | undefined, context: Context): Promise<Chosen> {
  const registry = await chooseRegistry(context, option, spec.name.scope);
  const cache = await openCache(context);
  const source = createCourseSource(registry, { cache }, context.signal);
  const course = await source.resolve(spec);
  const keys = await createRegistryClient(registry, context.signal).keys();
  await checkSignature(course, keys, registry.label);
  return { name: spec.name, course, registry, source };
}

function planOf({ target, manager }: ClassRequest, chosen: readonly Chosen[], managerVersion: string): ClassPlan {
  const [cli, ...courses] = chosen;
  return {
    title: basename(target),
    manager,
    managerVersion,
    cli: cli?.course.version ?? '',
    courses: courses.map(({ name, course }) => ({ name, version: course.version })),
    registries: new Map(chosen.map(({ name, registry }) => [name.scope, registry.url])),
  };
}

/** Yarn 4 takes a folder without a lockfile for part of a project above it. */
async function lock(manager: Manager, workshop: string, context: Context): Promise<void> {
  if (manager === 'yarn') await writeFile(join(workshop, COMMANDS.yarn.lockfile), '');
  await writeLockfile(manager, workshop, context);
}

/** The package manager asked the registry by itself: what it locked must be what progy was told, and signed. */
async function checkLocked(workshop: string, chosen: readonly Chosen[]): Promise<void> {
  for (const { name, course, registry, source } of chosen) {
    const pinned = await pinnedIn(name, workshop, course.version);
    if (pinned?.version !== course.version) {
      const message = `The lockfile pins ${pinned?.version ?? 'no version'} of ${name.full}, not ${course.version}`;
      throw new CliError('LOCKFILE_MISMATCH', message);
    }
    await checkPinned(course, pinned, source, registry.label);
  }
}

/** Moves only the files of the class: some package managers also install, or leave notes of their own. */
async function putInPlace(workshop: string, target: string, names: readonly string[]): Promise<string[]> {
  await checkFree(target, names);
  for (const name of names) await rename(join(workshop, name), join(target, name));
  return names.toSorted();
}

/** @throws {CliError} TARGET_NOT_EMPTY if one of the files is there. */
async function checkFree(target: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const isThere = await lstat(join(target, name)).then(
      () => true,
      () => false,
    );
    if (isThere) throw taken(target, name);
  }
}

function taken(target: string, name: string): CliError {
  const message = `${join(target, name)} exists already. Your files are untouched`;
  return new CliError('TARGET_NOT_EMPTY', message, 'Choose another folder: progy classroom create … --dir my-class');
}

function none(error: NodeJS.ErrnoException): [] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
