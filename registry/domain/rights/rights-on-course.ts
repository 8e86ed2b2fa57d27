// Owns who may do what with a course: the rights an account has, and the right each act needs.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import type { Database } from '../../database/database.ts';
import { findTies, type OrganizationRole, type Ties } from '../../database/rights/rights-on-course.ts';
import { type Actor, checkReaches } from './actor.ts';

/** Each right includes those before it. `own`: decides who else has rights, and who can see the course. */
const RIGHTS = ['none', 'read', 'write', 'own'] as const;
export type Right = (typeof RIGHTS)[number];

const RIGHT_OF_ROLE: Record<OrganizationRole, Right> = { owner: 'own', publisher: 'write', reader: 'read' };

export function includes(held: Right, needed: Right): boolean {
  return RIGHTS.indexOf(held) >= RIGHTS.indexOf(needed);
}

/** The highest right that an account has on a course, ignoring the limits of its token. The course need not exist. */
export async function rightOn(db: Database, { id }: Pick<Actor, 'id'>, name: PackageName): Promise<Right> {
  return rightFrom(await findTies(db, name, id));
}

/** The highest right that any tie gives. `database/rights/rights-on-course.ts` has the SQL form, for lists; one table of cases tests both. */
export function rightFrom({ isHolder, role, granted }: Ties): Right {
  const rights: Right[] = [isHolder ? 'own' : 'none', role === null ? 'none' : RIGHT_OF_ROLE[role], granted ?? 'none'];
  return rights.reduce((most, right) => (includes(right, most) ? right : most));
}

/**
 * Checks that a request may change a course. For an existing course call `visible` first: somebody else's private one
 * is PACKAGE_NOT_FOUND, not FORBIDDEN.
 * @throws {RegistryError} FORBIDDEN; the sentence says what the account may do instead, or what the token is limited to.
 */
export async function checkRight(
  { db, actor }: SignedInContext,
  name: PackageName,
  needed: 'write' | 'own',
): Promise<void> {
  checkTies(await findTies(db, name, actor.id), actor, name, needed);
}

/** Like {@link checkRight}, for somebody whose ties to the course are known. */
export function checkTies(ties: Ties, actor: Actor, name: PackageName, needed: 'write' | 'own'): void {
  const held = rightFrom(ties);
  if (!includes(held, needed)) throw includes(held, 'write') ? notOwner(name) : notYours(actor, name);
  checkReaches(actor, name);
}

/**
 * Lets an admin act without a right, if they force it. Never in a scope that nobody holds: whoever signed up under its
 * name later would own what is there.
 * @throws {RegistryError} FORBIDDEN for everybody else.
 */
export function checkMayForce({ isHeld }: Ties, actor: Actor, name: PackageName): void {
  if (!actor.isAdmin)
    throw new RegistryError('FORBIDDEN', 'Only an admin of the registry may force this', { limit: 'force' });
  checkReaches(actor, name);
  if (!isHeld) throw nobodys(name);
}

/** The error for a course that somebody may not write. */
export function notYours({ username }: Actor, { scope, full }: PackageName): RegistryError {
  const message = `Permission denied: You do not own @${scope}. You are signed in as ${username} and may publish to @${username}`;
  return new RegistryError('FORBIDDEN', message, { scope, name: full, username });
}

function notOwner({ full }: PackageName): RegistryError {
  const message = `Permission denied: You maintain ${full}, but only an owner of its scope may change who has access`;
  return new RegistryError('FORBIDDEN', message, { name: full });
}

function nobodys({ scope, full }: PackageName): RegistryError {
  const message = `Nobody holds the scope @${scope}. Create it first: progy org create ${scope}`;
  return new RegistryError('FORBIDDEN', message, { scope, name: full });
}
