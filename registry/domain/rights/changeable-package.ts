// Owns finding a course for somebody who is about to change it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { openDatabase } from '../../database/database.ts';
import { findStates, type PackageStates } from '../../database/versions/version-states.ts';
import type { Env } from '../../env.ts';
import type { Actor } from './actor.ts';
import { checkRight } from './rights-on-course.ts';
import { visible } from './visible-package.ts';

/**
 * The course with the states of its versions. Somebody else's private course is missing before it is forbidden.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function findChangeable(env: Env, actor: Actor, name: PackageName): Promise<PackageStates> {
  const found = await findStates(openDatabase(env.DB), name);
  const seen = await visible(env, found, name, async () => actor);
  await checkRight(env, actor, name, 'write');
  return seen;
}
