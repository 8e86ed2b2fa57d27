// Owns checking a class: every lockfile, and what is installed, against what the registry published and signed.
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { readTarball } from '@progy/protocol/tar/tarball.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { openCache } from '../registry/cache.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { checkSignature } from '../registry/signature.ts';
import { type CourseSource, createCourseSource } from '../registry/source.ts';
import type { ClassFolder } from './class-folder.ts';
import { readInstalled, tarballOf } from './installed-course.ts';
import { lockedCourses } from './lockfiles/read-lockfile.ts';
import { checkPinned, lockfilesIn, type PinnedCourse } from './pinned-course.ts';

/** One place that says which bytes a course has. */
export interface CheckedPlace {
  readonly name: string;
  /** Undefined if the place does not have the course. */
  readonly version?: string;
  /** Name of the lockfile, or `node_modules`. */
  readonly place: string;
  /** A sentence; undefined if the place agrees with the registry. */
  readonly problem?: string;
}

interface Published {
  readonly registry: Registry;
  readonly source: CourseSource;
  /** The version as the registry published it; its signature is checked. */
  find(version: string): Promise<ResolvedCourse>;
}

/** Checks every course of a class in every place. Problems are in the result; only what prevents checking is thrown. */
export async function verifyClass({ folder, courses }: ClassFolder, context: Context): Promise<CheckedPlace[]> {
  const checked = [];
  for (const { name, version } of courses) {
    const published = await openPublished(name, folder, context);
    checked.push(...(await checkLockfiles(name, version, folder, published)));
    checked.push(...(await checkInstalled(name, version, folder, published)));
  }
  return checked;
}

async function openPublished(name: PackageName, folder: string, context: Context): Promise<Published> {
  const { signal } = context;
  const registry = await chooseRegistry({ ...context, cwd: folder }, undefined, name.scope);
  const source = createCourseSource(registry, { cache: await openCache(context) }, signal);
  const keys = await createRegistryClient(registry, signal).keys();
  return {
    registry,
    source,
    async find(version) {
      const course = await source.resolve({ name, wanted: version, kind: 'version' });
      await checkSignature(course, keys, registry.label);
      return course;
    },
  };
}

async function checkLockfiles(
  name: PackageName,
  version: string,
  folder: string,
  published: Published,
): Promise<CheckedPlace[]> {
  const checked = [];
  for (const file of await lockfilesIn(folder)) {
    const place = { name: name.full, place: file.fileName };
    const locks = await lockedCourses(file, name);
    if (locks.length === 0) checked.push({ ...place, problem: 'does not pin the course' });
    for (const lock of locks) {
      const pinned = { name, version: lock.version, lockfile: file.path, locks: [lock] };
      const problem =
        lock.version === version ? await problemOf(pinned, published) : `pins ${lock.version}, not ${version}`;
      checked.push({ ...place, version: lock.version, problem });
    }
  }
  return checked;
}

async function problemOf(pinned: PinnedCourse, { find, source, registry }: Published): Promise<string | undefined> {
  try {
    await checkPinned(await find(pinned.version), pinned, source, registry.label);
  } catch (error) {
    if (error instanceof CliError && ['LOCKFILE_MISMATCH', 'SIGNATURE'].includes(error.code)) return error.message;
    throw error;
  }
}

/** Nothing is said about a course that nobody has installed yet. */
async function checkInstalled(
  { full }: PackageName,
  version: string,
  folder: string,
  published: Published,
): Promise<CheckedPlace[]> {
  const place = { name: full, place: 'node_modules' };
  try {
    const installed = await readInstalled(folder, full);
    if (installed === undefined) return [];
    const { version: there, tree } = installed.list;
    if (there !== version) return [{ ...place, version: there, problem: `holds ${there}, not ${version}` }];
    for await (const _ of readTarball(tarballOf(installed), nodePlatform));
    const { tree: expected } = await published.find(version);
    const isSame = expected === undefined || expected === tree;
    return [{ ...place, version, ...(isSame ? {} : { problem: 'holds other files than the registry published' }) }];
  } catch (error) {
    if (!isAboutFiles(error)) throw error;
    return [{ ...place, version, problem: 'holds files that somebody changed' }];
  }
}

function isAboutFiles(error: unknown): boolean {
  const { code } = Object(error);
  return code === 'INVALID_ARTIFACT' || code === 'ENOENT';
}
