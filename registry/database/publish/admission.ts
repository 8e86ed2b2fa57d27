// Owns the one batch that D1 answers before a publish is admitted, and the note of the objects it may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { type VersionRow, versionEverQuery } from '../packages.ts';
import { grantQuery, mayForce, mayWrite, scopeTieQuery, type Ties, tiesFrom } from '../rights/rights-on-course.ts';
import { registryPackages, registryPublishAttempts, registryPublishCounts } from '../schema/tables.ts';

/** Not a valid version. */
const NO_VERSION = '';

/** Who wants to publish, and what. */
export interface Applicant {
  userId: string;
  name: PackageName;
  /** Undefined until it is read from the file. */
  version: Version | undefined;
  /** An admin forces it. */
  force: boolean;
  note: AttemptNote;
  now: Date;
}

/** The note that a publish is about to write objects: if the publish dies, the sweep finds them by it. */
export interface AttemptNote {
  id: string;
  /** Keys of all objects that it may write; without any, nothing is noted. */
  keys: readonly string[];
}

/** What a publish is checked against. */
export interface Found {
  ties: Ties;
  /** The version, if it was published before. */
  before: VersionRow | undefined;
  /** Versions that the account has published in this hour. */
  published: number;
  /** The course is public. */
  isPublic: boolean;
  isNoted: boolean;
}

/** Finds what a publish is checked against, and notes its objects if the publisher has the right: nobody else can make us write. */
export async function findForPublish(db: Database, applicant: Applicant): Promise<Found> {
  const { userId, name, version, now } = applicant;
  const [scopes, grants, counts, packages, versions, notes] = await db.batch([
    scopeTieQuery(db, name, userId),
    grantQuery(db, name, userId),
    countQuery(db, userId, now),
    publicQuery(db, name),
    versionEverQuery(db, name, version ?? NO_VERSION),
    noteWhereRight(db, applicant),
  ]);
  return {
    ties: tiesFrom(scopes, grants),
    before: versions[0],
    published: counts[0]?.count ?? 0,
    isPublic: packages.length > 0,
    isNoted: notes.length > 0,
  };
}

/** SQL for whether an account may publish to a course. */
export function mayPublish(name: PackageName, userId: string, force: boolean): SQL {
  return force ? mayForce(name, userId) : mayWrite(name, userId);
}

/** Selects a row if the course is public. */
function publicQuery(db: Database, name: PackageName) {
  const { name: column, isPublic, latestVersion } = registryPackages;
  return db
    .select({ isPublic })
    .from(registryPackages)
    .where(and(eq(column, name.full), isPublic, isNotNull(latestVersion)));
}

function countQuery(db: Database, userId: string, now: Date) {
  return db
    .select({ count: registryPublishCounts.count })
    .from(registryPublishCounts)
    .where(and(eq(registryPublishCounts.userId, userId), eq(registryPublishCounts.hour, hourOf(now))));
}

/** Versions that the account has published in the current hour. */
export async function countPublished(db: Database, userId: string, now: Date): Promise<number> {
  return (await countQuery(db, userId, now).get())?.count ?? 0;
}

/** The hour that a publish counts in, since 1970. */
export function hourOf(time: Date): number {
  return Math.floor(time.getTime() / 3_600_000);
}

function noteWhereRight(db: Database, { userId, name, force, note, now }: Applicant) {
  const keys = JSON.stringify(note.keys);
  const row = sql`SELECT ${note.id}, ${userId}, ${keys}, ${Math.floor(now.getTime() / 1_000)}`;
  const { id } = registryPublishAttempts;
  return db
    .insert(registryPublishAttempts)
    .select(sql`${row} WHERE ${note.keys.length} > 0 AND ${mayPublish(name, userId, force)}`)
    .onConflictDoUpdate({ target: id, set: { keys } })
    .returning({ id });
}

/** Notes an upload whose course is not known yet. */
export async function noteAttempt(db: Database, { id, keys }: AttemptNote, userId: string): Promise<void> {
  await db.insert(registryPublishAttempts).values({ id, userId, keys: JSON.stringify(keys) });
}
