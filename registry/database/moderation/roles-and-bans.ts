// Owns what D1 holds of an account's standing: its role, and whether it is banned.
import { eq } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import type { Database } from '../database.ts';
import { session, user } from '../schema/tables.ts';

/** What an admin can change about an account. */
export type Standing = Pick<typeof user.$inferSelect, 'role' | 'banned' | 'banReason' | 'banExpires'>;

const standingColumns = {
  role: user.role,
  banned: user.banned,
  banReason: user.banReason,
  banExpires: user.banExpires,
};

/** The account that has that id or username. */
export async function findStanding(
  db: Database,
  who: { userId: string } | { username: string },
): Promise<(Standing & { id: string; username: string | null }) | undefined> {
  const isThem = 'userId' in who ? eq(user.id, who.userId) : eq(user.username, who.username);
  return db
    .select({ id: user.id, username: user.username, ...standingColumns })
    .from(user)
    .where(isThem)
    .get();
}

/**
 * Changes it, and ends the account's sessions in browsers: what they were begun with no longer holds. The entry goes
 * first: a trigger logs the changes of role and ban that nobody put their name to.
 */
export async function changeStanding(
  db: Database,
  userId: string,
  change: Partial<Standing>,
  entry: AuditEntry,
): Promise<void> {
  await db.batch([
    auditEntry(db, entry),
    db
      .update(user)
      .set({ ...change, updatedAt: entry.at })
      .where(eq(user.id, userId)),
    db.delete(session).where(eq(session.userId, userId)),
  ]);
}
