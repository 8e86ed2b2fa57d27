// Owns what publishing does to who may see a course, when npm is told `--access restricted`.
import type { Course } from '@progy/protocol/course/course.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RequestContext } from '../../context.ts';
import { findPackage } from '../../database/packages.ts';
import type { Claim } from './publish-claim.ts';

/**
 * Whether a publish makes its course restricted. A course that is private by its course.json needs that not.
 * @throws {RegistryError} METADATA_MISMATCH for a course that everybody sees: to hide it from those who have it takes
 *   more than a publish, and to show them what was to be hidden would be worse.
 */
export async function mustRestrict({ db }: RequestContext, course: Course, { restricted }: Claim): Promise<boolean> {
  if (!restricted || course.private) return false;
  const found = await findPackage(db, course.name);
  if (found?.isPublic && found.latestVersion !== null) throw publicAlready(course.name.full);
  return true;
}

function publicAlready(name: string): RegistryError {
  const message = `${name} is public. Publish it with --access public, or hide it first with: npm access set status=restricted ${name}`;
  return new RegistryError('METADATA_MISMATCH', message, { field: 'access', found: 'restricted', expected: 'public' });
}
