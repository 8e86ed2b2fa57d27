// Owns a class folder: where it is, and which courses it pins.
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { type PackageName, tryParsePackageName } from '@progy/protocol/course/package-name.ts';
import { CliError } from '../cli-error.ts';
import { readNpmrc, readSetting } from '../registry/npmrc.ts';
import { installedFolder } from './installed-course.ts';
import { type PinnedCourse, pinnedIn } from './pinned-course.ts';

const MAX_PACKAGE_JSON_BYTES = 1024 * 1024;

export interface ClassFolder {
  /** Absolute. */
  readonly folder: string;
  /** In the order of package.json; at least one. */
  readonly courses: readonly PinnedCourse[];
}

/**
 * The class around a folder: the nearest folder above it, or itself, whose package.json and lockfile pin a course.
 * @throws {CliError} NOT_IN_A_CLASS; LOCKFILE_INVALID, LOCKFILE_AMBIGUOUS.
 */
export async function classAround(cwd: string): Promise<ClassFolder> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const courses = await coursesIn(folder);
    if (courses.length > 0) return { folder, courses };
    if (dirname(folder) === folder) throw new CliError('NOT_IN_A_CLASS', `${cwd} is not inside a class folder`);
  }
}

async function coursesIn(folder: string): Promise<PinnedCourse[]> {
  const dependencies = dependenciesOf(await readPackageJson(folder));
  const courses = [];
  for (const [dependency, version] of Object.entries(dependencies)) {
    const name = dependency === CLIENT.full ? undefined : tryParsePackageName(dependency);
    if (name === undefined || !(await isCourse(name, folder))) continue;
    courses.push(await pinnedIn(name, folder, version));
  }
  return courses.filter((course) => course !== undefined);
}

/** A scope with a registry of its own is one of courses, and what is installed shows what it is. */
async function isCourse({ scope, full }: PackageName, folder: string): Promise<boolean> {
  if (readSetting(await readNpmrc(join(folder, '.npmrc')), `@${scope}:registry`) !== undefined) return true;
  return stat(join(installedFolder(folder, full), '.progy', 'files.json')).then(
    () => true,
    () => false,
  );
}

/** The package.json of a folder as JSON; undefined if there is none that can be read. */
export async function readPackageJson(folder: string): Promise<unknown> {
  const file = await open(join(folder, 'package.json')).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).size > MAX_PACKAGE_JSON_BYTES) return undefined;
    return JSON.parse(await file.readFile('utf8'));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function dependenciesOf(manifest: unknown): Record<string, string> {
  const { dependencies, devDependencies } = Object(manifest);
  const all = { ...Object(devDependencies), ...Object(dependencies) } as Record<string, unknown>;
  return Object.fromEntries(Object.entries(all).map(([name, version]) => [name, String(version)]));
}
