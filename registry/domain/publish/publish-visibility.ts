// Owns the effect of npm's `--access restricted` on the visibility of a published course.
import type { Course } from '@progy/protocol/course/course.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { Claim } from './publish-claim.ts';

/**
 * Whether a publish makes its course restricted. A course that course.json makes private does not need it.
 * @param isPublic the course exists and is public; the commit checks again.
 * @throws {RegistryError} METADATA_MISMATCH for a public course: a publish cannot hide it from those who have it, and
 *   publishing the hidden content to them would be worse.
 */
export function mustRestrict(course: Course, { restricted }: Claim, isPublic: boolean): boolean {
  if (!restricted || course.private) return false;
  if (isPublic) throw shownAlready(course.name);
  return true;
}

/** The error for restricting a course that is public. */
export function shownAlready({ full }: PackageName): RegistryError {
  const message = `${full} is public. Publish it with --access public, or hide it first with: npm access set status=restricted ${full}`;
  return new RegistryError('METADATA_MISMATCH', message, { field: 'access', found: 'restricted', expected: 'public' });
}
