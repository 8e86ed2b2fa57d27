// Owns accounts and tokens in D1.
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { account, registryTokens, user } from './schema.ts';

/** Whoever a request acts for. */
export interface Account {
  id: string;
  /** Also the scope the account may publish to. */
  username: string;
}

/** The account a token belongs to, unless the token is unknown or expired. */
export interface TokenOwner extends Account {
  tokenId: string;
  lastUsedAt: Date | null;
}

export async function findTokenOwner(db: Database, tokenHash: string, now: Date): Promise<TokenOwner | undefined> {
  const row = await db
    .select({
      id: user.id,
      username: user.username,
      tokenId: registryTokens.id,
      lastUsedAt: registryTokens.lastUsedAt,
      expiresAt: registryTokens.expiresAt,
    })
    .from(registryTokens)
    .innerJoin(user, eq(user.id, registryTokens.userId))
    .where(eq(registryTokens.tokenHash, tokenHash))
    .get();
  if (row?.username == null || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  return { id: row.id, username: row.username, tokenId: row.tokenId, lastUsedAt: row.lastUsedAt };
}

export async function insertToken(db: Database, token: typeof registryTokens.$inferInsert): Promise<void> {
  await db.insert(registryTokens).values(token);
}

/** Notes that a token was used, at most once for each `since`. */
export async function touchToken(db: Database, tokenId: string, now: Date, since: Date): Promise<void> {
  await db
    .update(registryTokens)
    .set({ lastUsedAt: now })
    .where(
      and(eq(registryTokens.id, tokenId), or(isNull(registryTokens.lastUsedAt), lt(registryTokens.lastUsedAt, since))),
    );
}

/** Deletes a token of this account. */
export async function deleteToken(db: Database, userId: string, tokenHash: string): Promise<void> {
  await db
    .delete(registryTokens)
    .where(and(eq(registryTokens.userId, userId), eq(registryTokens.tokenHash, tokenHash)));
}

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
