// Owns an account's role and ban in D1.
import { eq } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import type { Database } from '../database.ts';
import { session, user } from '../schema/tables.ts';

/** The fields of an account that an admin can change. */
export type Standing = Pick<typeof user.$inferSelect, 'role' | 'banned' | 'banReason' | 'banExpires'>;

const standingColumns = {
  role: user.role,
  banned: user.banned,
  banReason: user.banReason,
  banExpires: user.banExpires,
};

/** The account with that id or username. */
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
 * Changes an account, and ends its browser sessions: they began under the old role or without the ban. The log entry
 * comes first: a trigger logs changes of role and ban that have no author.
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
