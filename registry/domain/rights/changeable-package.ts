// Owns finding a course that somebody is about to change.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { SignedInContext } from '../../context.ts';
import { findStates, type PackageStates } from '../../database/versions/version-states.ts';
import { checkNotClient } from './client-name.ts';
import { checkRight } from './rights-on-course.ts';
import { visible } from './visible-package.ts';

/**
 * The course with the states of its versions. Somebody else's private course is PACKAGE_NOT_FOUND, not FORBIDDEN.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function findChangeable(context: SignedInContext, name: PackageName): Promise<PackageStates> {
  checkNotClient(name);
  const found = await findStates(context.db, name);
  const seen = await visible(context, found, name);
  await checkRight(context, name, 'write');
  return seen;
}
