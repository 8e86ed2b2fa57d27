// Owns reading and deciding sign-ins in D1 that wait for a person in a browser. Better-Auth makes the rows and redeems them.
import { and, eq, gt, gte, like, lt, sql } from 'drizzle-orm';
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

/** Values that stay although they have expired, since then. */
export interface ExpiredKept {
  /** Of their keys. */
  readonly prefix: string;
  readonly since: Date;
}

/** Deletes sign-ins that nobody finished, and expired sessions and OAuth states. */
export async function deleteExpired(db: Database, now: Date, { prefix, since }: ExpiredKept): Promise<void> {
  const isKept = and(like(verification.identifier, `${prefix}%`), gte(verification.expiresAt, since));
  await db.batch([
    db.delete(deviceCode).where(lt(deviceCode.expiresAt, now)),
    db.delete(verification).where(and(lt(verification.expiresAt, now), sql`NOT (${isKept})`)),
    db.delete(session).where(lt(session.expiresAt, now)),
  ]);
}

function isWaiting(userCode: string, now: Date) {
  return and(eq(deviceCode.userCode, userCode), eq(deviceCode.status, 'pending'), gt(deviceCode.expiresAt, now));
}
