// Owns reading and deciding sign-ins in D1 that wait for a person in a browser. Better-Auth makes the rows and redeems them.
import { and, eq, gt, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { type Asking, deviceCode, session, verification } from '../schema/tables.ts';

export type { Asking } from '../schema/tables.ts';

/** A sign-in that still waits for a decision. */
export interface Waiting {
  /** Eight characters, as they are stored. */
  userCode: string;
  asking: Asking | null;
}

/** Stores who is asking with the code that it was given. */
export async function noteAsking(db: Database, code: string, asking: Asking): Promise<void> {
  await db.update(deviceCode).set({ asking }).where(eq(deviceCode.deviceCode, code));
}

/** Who is asking, from a row of device_code. */
export async function findAsking(db: Database, id: string): Promise<Asking | null> {
  const row = await db.select({ asking: deviceCode.asking }).from(deviceCode).where(eq(deviceCode.id, id)).get();
  return row?.asking ?? null;
}

export async function findWaiting(db: Database, userCode: string, now: Date): Promise<Waiting | undefined> {
  return db
    .select({ userCode: deviceCode.userCode, asking: deviceCode.asking })
    .from(deviceCode)
    .where(isWaiting(userCode, now))
    .get();
}

/** Approves or denies a sign-in for an account. False if none is waiting: of two decisions, only the first counts. */
export async function decideWaiting(
  db: Database,
  userCode: string,
  decision: { status: 'approved' | 'denied'; userId: string },
  now: Date,
): Promise<boolean> {
  const decided = await db.update(deviceCode).set(decision).where(isWaiting(userCode, now)).returning();
  return decided.length > 0;
}

/** Deletes sign-ins that nobody finished, and expired sessions and OAuth states. */
export async function deleteExpired(db: Database, now: Date): Promise<void> {
  await db.batch([
    db.delete(deviceCode).where(lt(deviceCode.expiresAt, now)),
    db.delete(verification).where(lt(verification.expiresAt, now)),
    db.delete(session).where(lt(session.expiresAt, now)),
  ]);
}

function isWaiting(userCode: string, now: Date) {
  return and(eq(deviceCode.userCode, userCode), eq(deviceCode.status, 'pending'), gt(deviceCode.expiresAt, now));
}
