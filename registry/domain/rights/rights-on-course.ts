// Owns who may do what with a course: the rights an account has, and the right each act needs.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import type { Database } from '../../database/database.ts';
import { findTies, type OrganizationRole, type Ties } from '../../database/rights/rights-on-course.ts';
import { type Actor, checkReaches } from './actor.ts';

/** Each right holds those before it. `own`: who else has rights, and who can see the course. */
const RIGHTS = ['none', 'read', 'write', 'own'] as const;
export type Right = (typeof RIGHTS)[number];

const RIGHT_OF_ROLE: Record<OrganizationRole, Right> = { owner: 'own', publisher: 'write', reader: 'read' };

export function includes(held: Right, needed: Right): boolean {
  return RIGHTS.indexOf(held) >= RIGHTS.indexOf(needed);
}

/** The most that an account may do with a course, whatever its token is limited to. The course need not exist. */
export async function rightOn(db: Database, { id }: Pick<Actor, 'id'>, name: PackageName): Promise<Right> {
  return rightFrom(await findTies(db, name, id));
}

/** The most that any tie gives. In SQL, for lists, `database/rights/rights-on-course.ts` has it; one table of cases tests both. */
export function rightFrom({ isHolder, role, granted }: Ties): Right {
  const rights: Right[] = [isHolder ? 'own' : 'none', role === null ? 'none' : RIGHT_OF_ROLE[role], granted ?? 'none'];
  return rights.reduce((most, right) => (includes(right, most) ? right : most));
}

/**
 * Whether a request may change a course. For an existing course ask `visible` first: a private one is missing before
 * it is forbidden.
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
 * Lets an admin act where they have no right, because they say so. Never in a scope that nobody holds: whoever signed up
 * under its name later would own what is there.
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
  const message = `Nobody holds the scope @${scope}. Create it first, with: progy org create ${scope}`;
  return new RegistryError('FORBIDDEN', message, { scope, name: full });
}
