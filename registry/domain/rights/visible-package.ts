// Owns who may see a course: a public one everybody, a private one those with the right to read it and a token that reaches it; for all others it does not exist.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RequestContext } from '../../context.ts';
import type { Database } from '../../database/database.ts';
import { findPackage, type PackageRow } from '../../database/packages.ts';
import { type Actor, reaches } from './actor.ts';
import { includes, rightOn } from './rights-on-course.ts';

/** What of a row tells who sees the course. Without a version left nobody does. */
type Visibility = Pick<PackageRow, 'isPublic' | 'latestVersion'>;

/**
 * Returns a found course if the reader may see it. Checks the reader and their rights for a missing course too: if bad
 * tokens were refused only for private courses, or those took longer to answer, that would reveal which exist.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, the same for a course that is missing and one that is not theirs;
 *   UNAUTHORIZED for an invalid token.
 */
export async function visible<T extends { package: Visibility }>(
  context: RequestContext,
  found: T | undefined,
  name: PackageName,
): Promise<T> {
  const there = found?.package.latestVersion === null ? undefined : found;
  if (there?.package.isPublic) return there;
  const actor = await context.reader();
  const may = actor !== undefined && (await mayRead(context.db, actor, name));
  if (there !== undefined && may) return there;
  throw packageNotFound(name, there === undefined && found?.package.isPublic === true);
}

/** The row of a course that the reader may see. @throws {RegistryError} as {@link visible} does. */
export async function findVisible(context: RequestContext, name: PackageName): Promise<PackageRow> {
  const row = await findPackage(context.db, name);
  return (await visible(context, row && { package: row }, name)).package;
}

async function mayRead(db: Database, actor: Actor, name: PackageName): Promise<boolean> {
  return reaches(actor.limits, name) && includes(await rightOn(db, actor, name), 'read');
}

/** The error for a course that is missing, or that the reader may not see. */
function packageNotFound(name: PackageName, unpublished: boolean): RegistryError {
  if (!unpublished)
    return new RegistryError('PACKAGE_NOT_FOUND', `Package not found: ${name.full}`, { name: name.full });
  const next = 'Its publisher took it back. Ask them for a replacement.';
  return new RegistryError('PACKAGE_NOT_FOUND', `${name.full} was unpublished`, { name: name.full, unpublished, next });
}
