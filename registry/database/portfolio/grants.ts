// Owns what students have let the registry do at GitHub, in D1: among the values that Better-Auth also lets expire.
import { and, count, eq, gt, gte, like, lt } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import type { Database } from '../database.ts';
import { registryAuditLog, verification } from '../schema/tables.ts';

export interface Grant {
  /** Encrypted. */
  readonly value: string;
  readonly expiresAt: Date;
}

/** Keeps a grant in the place of an older one. */
export async function putGrant(
  db: Database,
  key: string,
  { value, expiresAt }: Grant,
  entry: AuditEntry,
): Promise<void> {
  const { at } = entry;
  await db.batch([
    db.delete(verification).where(eq(verification.identifier, key)),
    db
      .insert(verification)
      .values({ id: crypto.randomUUID(), identifier: key, value, expiresAt, createdAt: at, updatedAt: at }),
    auditEntry(db, entry),
  ]);
}

export async function findGrant(db: Database, key: string, now: Date): Promise<Grant | undefined> {
  return db
    .select({ value: verification.value, expiresAt: verification.expiresAt })
    .from(verification)
    .where(and(eq(verification.identifier, key), gt(verification.expiresAt, now)))
    .get();
}

/** Ends a grant. */
export async function expireGrant(db: Database, key: string, now: Date): Promise<void> {
  await db.update(verification).set({ expiresAt: now }).where(eq(verification.identifier, key));
}

export async function deleteGrant(db: Database, key: string): Promise<void> {
  await db.delete(verification).where(eq(verification.identifier, key));
}

/** Grants that have expired, by the beginning of their keys. */
export async function findExpiredGrants(
  db: Database,
  prefix: string,
  now: Date,
  limit: number,
): Promise<{ key: string; value: string }[]> {
  return db
    .select({ key: verification.identifier, value: verification.value })
    .from(verification)
    .where(and(lt(verification.expiresAt, now), like(verification.identifier, `${prefix}%`)))
    .limit(limit);
}

/** Writes down that something was made. */
export async function noteMade(db: Database, entry: AuditEntry): Promise<void> {
  await auditEntry(db, entry);
}

/** How many were made for an account since then, counted up to `most`. */
export async function countMade(
  db: Database,
  { action, subject }: Pick<AuditEntry, 'action' | 'subject'>,
  since: Date,
  most: number,
): Promise<number> {
  const made = db
    .select({ id: registryAuditLog.id })
    .from(registryAuditLog)
    .where(
      and(eq(registryAuditLog.subject, subject), eq(registryAuditLog.action, action), gte(registryAuditLog.at, since)),
    )
    .limit(most)
    .as('made');
  return (await db.select({ n: count() }).from(made).get())?.n ?? 0;
}
