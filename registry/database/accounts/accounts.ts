// Owns accounts in D1.
import { and, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { type Database, listOf } from '../database.ts';
import { account, user } from '../schema/tables.ts';

/** Better-Auth's role for those who administer the registry. */
export const ADMIN_ROLE = 'admin';

/** Somebody who has signed up. */
export interface Account {
  id: string;
  /** Also the scope that the account may publish to. */
  username: string;
}

/** What an account may see about itself. */
export type Profile = Pick<typeof user.$inferSelect, 'name' | 'email' | 'emailVerified' | 'createdAt' | 'updatedAt'>;

/** An account with the hash of its password, if it has one. */
export async function findCredentials(
  db: Database,
  username: string,
): Promise<(Account & { passwordHash: string | null }) | undefined> {
  return db
    .select({ id: user.id, username: sql<string>`${user.username}`, passwordHash: account.password })
    .from(user)
    .leftJoin(account, and(eq(account.userId, user.id), eq(account.providerId, 'credential')))
    .where(eq(user.username, username))
    .get();
}

/** The account behind a token or session. */
export interface ActiveAccount extends Account {
  isAdmin: boolean;
}

/** SQL for the columns of {@link ActiveAccount}. */
export const activeColumns = { username: user.username, role: user.role };

/** SQL for accounts that are not banned at `now`. */
export function notBanned(now: Date | SQL) {
  return or(isNull(user.banned), eq(user.banned, false), lte(user.banExpires, now));
}

/** The account, if it has chosen a username and is not banned. */
export async function findActiveAccount(db: Database, id: string, now: Date): Promise<ActiveAccount | undefined> {
  const row = await db
    .select(activeColumns)
    .from(user)
    .where(and(eq(user.id, id), notBanned(now)))
    .get();
  return row && toActiveAccount(id, row);
}

export function toActiveAccount(
  id: string,
  { username, role }: { username: string | null; role: string | null },
): ActiveAccount | undefined {
  return username === null ? undefined : { id, username, isAdmin: role === ADMIN_ROLE };
}

/** Those of some usernames that exist, including banned accounts: they can be removed from a course. */
export async function findAccounts(db: Database, usernames: readonly string[]): Promise<Account[]> {
  return db
    .select({ id: user.id, username: sql<string>`${user.username}` })
    .from(user)
    .where(inArray(user.username, listOf(usernames)));
}

/** An account, and the address that it was found by. */
export interface AddressedAccount extends Account {
  email: string;
}

/** The accounts with some email addresses, in lower case, that have shown that the address is theirs. */
export async function findAccountsAt(db: Database, emails: readonly string[]): Promise<AddressedAccount[]> {
  const rows = await db
    .select({ id: user.id, username: user.username, email: user.email })
    .from(user)
    .where(and(inArray(user.email, listOf(emails)), eq(user.emailVerified, true)));
  return rows.flatMap(({ username, ...row }) => (username === null ? [] : [{ ...row, username }]));
}

export async function findProfile(db: Database, userId: string): Promise<Profile | undefined> {
  return db
    .select({
      name: user.name,
      email: user.email,
      emailVerified: user.emailVerified,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
    })
    .from(user)
    .where(eq(user.id, userId))
    .get();
}
