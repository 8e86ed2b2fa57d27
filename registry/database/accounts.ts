// Owns accounts in D1.
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { account, user } from './schema.ts';

/** Somebody who has signed up. */
export interface Account {
  id: string;
  /** Also the scope the account may publish to. */
  username: string;
}

/** What an account may know of itself. */
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

/** The username of an account, if it has chosen one. */
export async function findUsername(db: Database, userId: string): Promise<string | undefined> {
  const row = await db.select({ username: user.username }).from(user).where(eq(user.id, userId)).get();
  return row?.username ?? undefined;
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
