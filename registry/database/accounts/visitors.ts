// Owns accounts in D1 as a browser session sees them: they may not have a username yet.
import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { user } from '../schema/tables.ts';
import { notBanned } from './accounts.ts';

/** Somebody with a session in a browser. */
export interface Visitor {
  id: string;
  /** Null for somebody who signed in with GitHub and has not chosen one. */
  username: string | null;
  /** Their name on GitHub, else the same as the username. */
  name: string;
}

/** The account, if it is not banned. */
export async function findVisitor(db: Database, id: string, now: Date): Promise<Visitor | undefined> {
  return db
    .select({ id: user.id, username: user.username, name: user.name })
    .from(user)
    .where(and(eq(user.id, id), notBanned(now)))
    .get();
}

/** Gives an account its username. Does nothing if it has one: a username never changes. */
export async function setUsername(db: Database, id: string, username: string, now: Date): Promise<void> {
  await db
    .update(user)
    .set({ username, displayUsername: username, updatedAt: now })
    .where(and(eq(user.id, id), isNull(user.username)));
}
