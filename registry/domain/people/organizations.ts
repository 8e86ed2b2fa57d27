// Owns organizations: making one, who is in it, and who may change that.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { SignedInContext } from '../../context.ts';
import { isUniqueViolation } from '../../database/database.ts';
import {
  deleteMember,
  findMembership,
  findRoster,
  insertOrganization,
  isLastOwner,
  type Membership,
  putMember,
} from '../../database/people/organizations.ts';
import type { OrganizationRole } from '../../database/rights/rights-on-course.ts';
import { checkNameIsFree, checkScopeIsFree } from '../accounts/account-names.ts';
import { checkReachesAll } from '../rights/actor.ts';
import { entryOf } from './entry.ts';
import { knownAccount } from './known-account.ts';

export type { OrganizationRole } from '../../database/rights/rights-on-course.ts';

/** Role by username. */
export type Roster = Record<string, OrganizationRole>;

/**
 * Creates an organization, whose slug is its scope. Its creator owns it.
 * @throws {RegistryError} INVALID_REQUEST for a name that nobody may take, NAME_TAKEN, FORBIDDEN.
 */
export async function createOrganization(context: SignedInContext, slug: string): Promise<void> {
  const { actor } = context;
  checkReachesAll(actor, 'organizations');
  await checkNameIsFree(context, slug, actor);
  const after = { [actor.username]: 'owner' };
  const entry = entryOf(context, `@${slug}`, 'org create', { after });
  try {
    await insertOrganization(context.db, { id: crypto.randomUUID(), slug }, actor.id, entry);
  } catch (error) {
    // Somebody else was faster, with this name or one like it.
    if (isUniqueViolation(error, 'registry_scopes') || isUniqueViolation(error, 'organization'))
      await checkScopeIsFree(context, slug);
    throw error;
  }
}

/** The members of an organization, for members. @throws {RegistryError} NOT_FOUND, FORBIDDEN. */
export async function listMembers(context: SignedInContext, slug: string): Promise<Roster> {
  const { id, role } = await findReachable(context, slug);
  if (role === null) throw notMember(slug);
  return findRoster(context.db, id);
}

/**
 * Makes somebody a member in a role, or changes the role.
 * @returns how many members there are then.
 * @throws {RegistryError} NOT_FOUND, FORBIDDEN, also for the last owner, who must stay one.
 */
export async function setMember(
  context: SignedInContext,
  slug: string,
  username: string,
  role: OrganizationRole,
): Promise<number> {
  const found = await findOwned(context, slug);
  const { id } = await knownAccount(context, username);
  const { db } = context;
  const roster = await findRoster(db, found.id);
  const before = roster[username];
  if (before === role) return Object.keys(roster).length;
  const changed = { before: before && { [username]: before }, after: { [username]: role } };
  return keepingAnOwner(slug, putMember(db, found, { id, role }, entryOf(context, `@${slug}`, 'org set', changed)));
}

/**
 * Removes somebody from an organization; every member may leave.
 * @param role only if they have this role.
 * @throws {RegistryError} NOT_FOUND, FORBIDDEN.
 */
export async function removeMember(
  context: SignedInContext,
  slug: string,
  username: string,
  role?: OrganizationRole,
): Promise<void> {
  const leaves = username === context.actor.username;
  const found = leaves ? await findReachable(context, slug) : await findOwned(context, slug);
  const { id } = await knownAccount(context, username);
  const { db } = context;
  const held = (await findRoster(db, found.id))[username];
  if (held === undefined || (role !== undefined && held !== role)) throw notThere(slug, username, role);
  const entry = entryOf(context, `@${slug}`, 'org rm', { before: { [username]: held } });
  await keepingAnOwner(slug, deleteMember(db, found, id, entry));
}

/** @throws {RegistryError} NOT_FOUND, FORBIDDEN. */
export async function checkOwnsOrganization(context: SignedInContext, slug: string): Promise<void> {
  await findOwned(context, slug);
}

async function findOwned(context: SignedInContext, slug: string): Promise<Membership> {
  const found = await findReachable(context, slug);
  if (found.role === null) throw notMember(slug);
  if (found.role !== 'owner')
    throw new RegistryError('FORBIDDEN', `Only an owner of ${slug} may do that; you are a ${found.role}`, { slug });
  return found;
}

async function findReachable({ db, actor }: SignedInContext, slug: string): Promise<Membership> {
  checkReachesAll(actor, 'organizations');
  const found = await findMembership(db, slug, actor.id);
  if (found === undefined) throw noSuchOrganization(slug);
  return found;
}

async function keepingAnOwner<T>(slug: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isLastOwner(error)) throw error;
    const message = `${slug} would be left without an owner. Make somebody else an owner first: npm org set ${slug} <user> owner`;
    throw new RegistryError('FORBIDDEN', message, { slug });
  }
}

export function noSuchOrganization(slug: string): RegistryError {
  const found = quote(slug);
  return new RegistryError('NOT_FOUND', `There is no organization ${found}. Create one with: progy org create`, {
    slug: found,
  });
}

function notMember(slug: string): RegistryError {
  return new RegistryError('FORBIDDEN', `You are not a member of ${slug}`, { slug });
}

function notThere(slug: string, username: string, role: OrganizationRole | undefined): RegistryError {
  const message = `${username} is not ${role === undefined ? 'a member' : `in the role ${role}`} of ${slug}`;
  return new RegistryError('NOT_FOUND', message, { slug, username });
}
