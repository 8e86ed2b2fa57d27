// Owns listing the courses that an account or organization has rights on, limited to those that the reader may see.

import type { SignedInContext } from '../../context.ts';
import { findAccounts } from '../../database/accounts/accounts.ts';
import { findCoursesInScope, findCoursesOf, type RightsByName } from '../../database/people/collaborators.ts';
import { findMembership } from '../../database/people/organizations.ts';
import type { OrganizationRole } from '../../database/rights/rights-on-course.ts';
import { noSuchAccount } from './known-account.ts';
import { noSuchOrganization } from './organizations.ts';

/**
 * The courses of an organization, with what a role in it may do with each.
 * @throws {RegistryError} NOT_FOUND, on which npm asks for an account of that name.
 */
export async function listOrganizationCourses(
  { db, actor }: SignedInContext,
  slug: string,
  role: OrganizationRole = 'owner',
): Promise<RightsByName> {
  if ((await findMembership(db, slug, actor.id)) === undefined) throw noSuchOrganization(slug);
  return findCoursesInScope(db, slug, role === 'reader' ? 'read' : 'write', actor);
}

/** The courses that an account has rights on, or an organization: pnpm asks for both alike. @throws {RegistryError} NOT_FOUND. */
export async function listCourses({ db, actor }: SignedInContext, holder: string): Promise<RightsByName> {
  const [account] = await findAccounts(db, [holder]);
  if (account !== undefined) return findCoursesOf(db, account.id, actor);
  if ((await findMembership(db, holder, actor.id)) === undefined) throw noSuchAccount(holder);
  return findCoursesInScope(db, holder, 'write', actor);
}
