// Owns who can see a course: its visibility, and the accounts that may read it while it is not public.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RequestContext, SignedInContext } from '../../context.ts';
import { type Account, findAccounts, findAccountsAt } from '../../database/accounts/accounts.ts';
import type { PackageRow } from '../../database/packages.ts';
import {
  deleteGrant,
  findCollaborators,
  findGrant,
  findGrantedAmong,
  type RightsByName,
  saveGrant,
  saveGrants,
  saveRestriction,
} from '../../database/people/collaborators.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { checkRight } from '../rights/rights-on-course.ts';
import { findVisible } from '../rights/visible-package.ts';
import { entryOf } from './entry.ts';
import { knownAccount } from './known-account.ts';

export type { RightsByName } from '../../database/people/collaborators.ts';
export { NO_REPLY } from '../../database/people/maintainers.ts';

/** npm's words. */
export type Access = 'public' | 'restricted';

/** @throws {RegistryError} PACKAGE_NOT_FOUND, as for everything about a course that is not theirs. */
export async function readAccess(context: RequestContext, name: PackageName): Promise<Access> {
  return (await findVisible(context, name)).isPublic ? 'public' : 'restricted';
}

/**
 * Everybody who has a right on a course. Only maintainers may see who can read it.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function listCollaborators(context: SignedInContext, name: PackageName): Promise<RightsByName> {
  await findVisible(context, name);
  await checkRight(context, name, 'write');
  return findCollaborators(context.db, name);
}

/**
 * Makes a course public or restricted, for all its versions. A later publish does not change it back.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN; METADATA_MISMATCH if course.json says that it is private.
 */
export async function setAccess(context: SignedInContext, name: PackageName, access: Access): Promise<void> {
  const { isPrivate, isRestricted, latestVersion } = await findOwned(context, name);
  if (access === 'public' && isPrivate) throw saysPrivate(name, latestVersion);
  const before: Access = isRestricted ? 'restricted' : 'public';
  if (before === access) return;
  const changed = { before: { access: before }, after: { access } };
  await saveRestriction(context.db, name, access === 'restricted', entryOf(context, name.full, 'access set', changed));
}

/**
 * Lets somebody read a course while it is not public. Granting again is fine.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN; NOT_FOUND for somebody who does not exist.
 */
export async function grantRead(context: SignedInContext, name: PackageName, username: string): Promise<void> {
  await findOwned(context, name);
  const { id } = await knownAccount(context, username);
  const { db } = context;
  if ((await findGrant(db, name, id)) !== undefined) return;
  const after = { user: username, permission: 'read' };
  await saveGrant(db, name, id, entryOf(context, name.full, 'access grant', { after }));
}

/** What happened to each of those who were to read a course, as they were written. */
export interface Granted {
  granted: string[];
  already: string[];
  unknown: string[];
}

/**
 * Lets several people read a course. An address counts only for an account that has shown that it is its own: anybody can
 * write any address into theirs. One entry in the audit log names all of them.
 * @param people usernames and email addresses.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN; RATE_LIMITED for too many requests with addresses.
 */
export async function grantReadToAll(
  context: SignedInContext,
  name: PackageName,
  people: readonly string[],
): Promise<Granted> {
  await findOwned(context, name);
  const { db } = context;
  const accounts = await accountsOf(context, people);
  const granted = new Set(
    await findGrantedAmong(
      db,
      name,
      [...accounts.values()].map(({ id }) => id),
    ),
  );
  const fresh = [...new Map([...accounts.values()].map((account) => [account.id, account])).values()].filter(
    ({ id }) => !granted.has(id),
  );
  const ids = fresh.map(({ id }) => id);
  const after = { users: fresh.map(({ username }) => username), permission: 'read' };
  if (fresh.length > 0) await saveGrants(db, name, ids, entryOf(context, name.full, 'access grant', { after }));
  return sorted(people, accounts, granted);
}

/** The accounts of people, by what was written. Usernames are public; whose an email address is, is not. */
async function accountsOf(context: SignedInContext, people: readonly string[]): Promise<Map<string, Account>> {
  const { db } = context;
  const lower = (text: string) => text.trim().toLowerCase();
  const addresses = people.map(lower).filter((person) => person.includes('@'));
  if (addresses.length > 0) await limitRate(context, 'people');
  const [named, addressed] = await Promise.all([findAccounts(db, people.map(lower)), findAccountsAt(db, addresses)]);
  const byKey = new Map<string, Account>([
    ...named.map((account) => [account.username, account] as const),
    ...addressed.map((account) => [account.email, account] as const),
  ]);
  return new Map(
    people.flatMap((person) => {
      const account = byKey.get(lower(person));
      return account === undefined ? [] : [[person, account] as const];
    }),
  );
}

function sorted(
  people: readonly string[],
  accounts: ReadonlyMap<string, Account>,
  before: ReadonlySet<string>,
): Granted {
  const outcome: Granted = { granted: [], already: [], unknown: [] };
  for (const person of people) {
    const account = accounts.get(person);
    if (account === undefined) outcome.unknown.push(person);
    else (before.has(account.id) ? outcome.already : outcome.granted).push(person);
  }
  return outcome;
}

/**
 * Revokes read access.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN; NOT_FOUND for somebody who was not granted it.
 */
export async function revokeRead(context: SignedInContext, name: PackageName, username: string): Promise<void> {
  await findOwned(context, name);
  const { id } = await knownAccount(context, username);
  const { db } = context;
  const permission = await findGrant(db, name, id);
  if (permission !== 'read') throw notGranted(name, username, permission === 'write');
  const before = { user: username, permission };
  await deleteGrant(db, name, id, entryOf(context, name.full, 'access revoke', { before }));
}

async function findOwned(context: SignedInContext, name: PackageName): Promise<PackageRow> {
  const row = await findVisible(context, name);
  await checkRight(context, name, 'own');
  return row;
}

function saysPrivate({ full }: PackageName, version: string | null): RegistryError {
  const message = `${full} stays private because course.json says "private": true. To make it public, remove that and publish a version after ${version}`;
  return new RegistryError('METADATA_MISMATCH', message, { field: 'private', found: false, expected: true });
}

function notGranted({ full }: PackageName, username: string, maintains: boolean): RegistryError {
  return maintains
    ? new RegistryError('FORBIDDEN', `${username} maintains ${full}. To change that: npm owner rm ${username} ${full}`)
    : new RegistryError('NOT_FOUND', `${username} was not granted access to ${full}`);
}
