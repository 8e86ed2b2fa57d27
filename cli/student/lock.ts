// Owns progy-lock.json: the course and version that a folder was started from.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { tryParseVersion } from '@progy/protocol/course/version.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';

/** A lock is some 400 bytes; anything much larger is not one. */
const MAX_LOCK_BYTES = 64 * 1024;

const lockSchema = z.looseObject({
  lockfileVersion: z.literal(1),
  name: z.string().refine(isPackageName, 'is not a course’s name'),
  version: z.string().refine((version) => tryParseVersion(version) !== undefined, 'is not a version'),
  /** URL of the tarball. */
  resolved: z.string(),
  /** SRI sha512 of the tarball. */
  integrity: z.string().startsWith('sha512-'),
  /** URL of the registry. */
  registry: z.string(),
});

export type ProgyLock = Readonly<z.infer<typeof lockSchema>>;

/** The course as a lock records it. */
export function lockOf({ name, version, resolved, integrity }: ResolvedCourse, registry: string): ProgyLock {
  return { lockfileVersion: 1, name, version, resolved, integrity, registry };
}

/** The text of progy-lock.json. */
export function lockText(lock: ProgyLock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** Writes the lock to the root of a course, under a name that no course file can have. Returns its text. */
export async function writeProgyLock(folder: string, course: ResolvedCourse, registry: string): Promise<string> {
  const text = lockText(lockOf(course, registry));
  await writeFile(join(folder, PROGY_LOCK), text, { flag: 'wx' });
  return text;
}

/**
 * Reads the lock of a course's root.
 * @throws {CliError} LOCK_INVALID; the error of the file system, ENOENT if there is none.
 */
export async function readProgyLock(folder: string): Promise<ProgyLock> {
  const path = join(folder, PROGY_LOCK);
  const text = await readFile(path, 'utf8');
  const result = lockSchema.safeParse(text.length > MAX_LOCK_BYTES ? undefined : jsonOrUndefined(text));
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.');
  throw new CliError('LOCK_INVALID', `${path} cannot be read${where ? `: ${where} is missing or wrong` : ''}`);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPackageName(name: string): boolean {
  try {
    return parsePackageName(name).full === name;
  } catch {
    return false;
  }
}
