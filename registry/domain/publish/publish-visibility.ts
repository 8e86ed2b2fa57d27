// Owns what publishing does to who may see a course, when npm is told `--access restricted`.
import type { Course } from '@progy/protocol/course/course.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { Claim } from './publish-claim.ts';

/**
 * Whether a publish makes its course restricted. A course that is private by its course.json needs that not.
 * @param isPublic everybody sees the course that there is; the commit asks again.
 * @throws {RegistryError} METADATA_MISMATCH for a course that everybody sees: to hide it from those who have it takes
 *   more than a publish, and to show them what was to be hidden would be worse.
 */
export function mustRestrict(course: Course, { restricted }: Claim, isPublic: boolean): boolean {
  if (!restricted || course.private) return false;
  if (isPublic) throw shownAlready(course.name);
  return true;
}

/** The error for a course that was to be hidden, though everybody sees it. */
export function shownAlready({ full }: PackageName): RegistryError {
  const message = `${full} is public. Publish it with --access public, or hide it first with: npm access set status=restricted ${full}`;
  return new RegistryError('METADATA_MISMATCH', message, { field: 'access', found: 'restricted', expected: 'public' });
}
