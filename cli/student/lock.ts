// Owns progy-lock.json: the course and version that a folder was started from.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { ResolvedCourse } from '../registry/source.ts';

export interface ProgyLock {
  readonly lockfileVersion: 1;
  readonly name: string;
  readonly version: string;
  /** URL of the tarball. */
  readonly resolved: string;
  /** SRI sha512 of the tarball. */
  readonly integrity: string;
  readonly registry: string;
}

/** Writes the lock to the root of a course, under a name that no course file can have. */
export async function writeProgyLock(folder: string, course: ResolvedCourse, registry: string): Promise<void> {
  const { name, version, resolved, integrity } = course;
  const lock: ProgyLock = { lockfileVersion: 1, name, version, resolved, integrity, registry };
  await writeFile(join(folder, PROGY_LOCK), `${JSON.stringify(lock, null, 2)}\n`, { flag: 'wx' });
}
