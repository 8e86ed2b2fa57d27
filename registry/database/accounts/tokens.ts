// Owns tokens in D1.
import { and, count, desc, eq, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { type Database, preparedOnce } from '../database.ts';
import { registryTokens, user } from '../schema/tables.ts';
import { type ActiveAccount, activeColumns, notBanned, toActiveAccount } from './accounts.ts';

export type TokenRow = typeof registryTokens.$inferSelect;

/** How far a token reaches. */
export type TokenLimits = Pick<TokenRow, 'readonly' | 'cidrs' | 'courses'>;

/** A known, unexpired token of an account that is not banned. */
export interface TokenOwner {
  account: ActiveAccount;
  tokenId: string;
  limits: TokenLimits;
  lastUsedAt: Date | null;
}

/** A page of a list: `page` counts from 0. */
export interface Page {
  page: number;
  perPage: number;
}

export async function findTokenOwner(db: Database, tokenHash: string, now: Date): Promise<TokenOwner | undefined> {
  const row = await tokenOwner(db).get({ tokenHash, now });
  if (row === undefined) return undefined;
  const account = toActiveAccount(row.token.userId, row);
  if (account === undefined) return undefined;
  const { id, lastUsedAt, readonly, cidrs, courses } = row.token;
  return {
    account,
    tokenId: id,
    limits: { readonly, cidrs, courses },
    lastUsedAt,
  };
}

const tokenOwner = preparedOnce((db) => {
  const now = sql`${sql.param(sql.placeholder('now'), registryTokens.expiresAt)}`;
  return db
    .select({ ...activeColumns, token: registryTokens })
    .from(registryTokens)
    .innerJoin(user, eq(user.id, registryTokens.userId))
    .where(and(eq(registryTokens.tokenHash, sql.placeholder('tokenHash')), stillWorks(now), notBanned(now)))
    .prepare();
});

export async function insertToken(
  db: Database,
  token: typeof registryTokens.$inferInsert,
  entry: AuditEntry,
): Promise<TokenRow> {
  const [[row]] = await db.batch([db.insert(registryTokens).values(token).returning(), auditEntry(db, entry)]);
  if (row === undefined) throw new Error('D1 answered nothing of what it inserted');
  return row;
}

/** Records that a token was used, at most once for each `since`. */
export async function touchToken(db: Database, tokenId: string, now: Date, since: Date): Promise<void> {
  await db
    .update(registryTokens)
    .set({ lastUsedAt: now })
    .where(
      and(eq(registryTokens.id, tokenId), or(isNull(registryTokens.lastUsedAt), lt(registryTokens.lastUsedAt, since))),
    );
}

/** Unexpired tokens of an account, newest first, and their number on all pages. */
export async function pageOfTokens(
  db: Database,
  userId: string,
  now: Date,
  { page, perPage }: Page,
): Promise<{ rows: TokenRow[]; total: number }> {
  const theirs = and(eq(registryTokens.userId, userId), stillWorks(now));
  const [rows, [counted]] = await db.batch([
    db
      .select()
      .from(registryTokens)
      .where(theirs)
      .orderBy(desc(registryTokens.createdAt), registryTokens.id)
      .limit(perPage)
      .offset(page * perPage),
    db.select({ total: count() }).from(registryTokens).where(theirs),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

/** The token of this account with that key or hash. */
export async function findTokenOfAccount(
  db: Database,
  userId: string,
  key: string,
  tokenHash: string,
): Promise<TokenRow | undefined> {
  return db
    .select()
    .from(registryTokens)
    .where(
      and(eq(registryTokens.userId, userId), or(eq(registryTokens.id, key), eq(registryTokens.tokenHash, tokenHash))),
    )
    .get();
}

/** Deletes a token by its key. */
export async function deleteToken(db: Database, tokenId: string, entry: AuditEntry): Promise<void> {
  await db.batch([db.delete(registryTokens).where(eq(registryTokens.id, tokenId)), auditEntry(db, entry)]);
}

function stillWorks(now: Date | SQL) {
  return or(isNull(registryTokens.expiresAt), gt(registryTokens.expiresAt, now));
}
