// Owns class folders for tests: package.json, .npmrc, a lockfile, and the course as package managers unpack it.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { packageFilesOf } from '../../classroom/lockfiles/tarball-files.ts';
import { yarnChecksum } from '../../classroom/lockfiles/yarn-zip.ts';
import type { Tarball } from './course-server.ts';
import { lockfileOf } from './lockfiles.ts';

/** What the lockfile of a kind says about a tarball. */
export async function lockedIntegrity(kind: string, { bytes, integrity, course }: Tarball): Promise<string> {
  if (kind !== 'yarn') return integrity;
  const once = async function* () {
    yield bytes;
  };
  return yarnChecksum(course.name.full, packageFilesOf(once(), nodePlatform));
}

/** A class that pins the courses, in a lockfile of each kind. @param registry URL; nothing needs to listen there. */
export async function classFolder(
  folder: string,
  courses: readonly Tarball[],
  { kind = 'npm', registry = 'http://127.0.0.1:9/' } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = courses.map(({ course }) => [course.name.full, course.version]);
  const dependencies = { '@progy/cli': '0.1.0', ...Object.fromEntries(names) };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const scopes = courses.map(({ course }) => `@${course.name.scope}:registry=${registry}\n`);
  await writeFile(join(folder, '.npmrc'), scopes.join(''));
  for (const tarball of courses) {
    const { name, version } = tarball.course;
    const integrity = await lockedIntegrity(kind, tarball);
    const { fileName, text } = lockfileOf(kind, name.full, version, integrity);
    await writeFile(join(folder, fileName), text);
  }
}

/** Unpacks a tarball as package managers do. */
export async function installInto(folder: string, { course, bytes }: Tarball): Promise<string> {
  const place = join(folder, 'node_modules', `@${course.name.scope}`, course.name.slug);
  await mkdir(place, { recursive: true });
  execFileSync('tar', ['-xz', '--strip-components=1', '-C', place], { input: bytes });
  return place;
}
