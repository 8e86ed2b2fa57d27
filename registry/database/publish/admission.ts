// Owns what D1 is asked before a publish is let in, all of it at once, and the note of what the publish may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { type VersionRow, versionEverQuery } from '../packages.ts';
import { grantQuery, mayForce, mayWrite, scopeTieQuery, type Ties, tiesFrom } from '../rights/rights-on-course.ts';
import { registryPackages, registryPublishAttempts, registryPublishCounts } from '../schema/tables.ts';

/** No version is called so. */
const NO_VERSION = '';

/** Whoever wants to publish, and what. */
export interface Applicant {
  userId: string;
  name: PackageName;
  /** Undefined as long as only the file knows it. */
  version: Version | undefined;
  /** An admin says so. */
  force: boolean;
  note: AttemptNote;
  now: Date;
}

/** The note that a publish is about to write objects: by it the sweep finds them if it dies. */
export interface AttemptNote {
  id: string;
  /** Of all objects that there may be; without any, nothing is noted. */
  keys: readonly string[];
}

/** What there is when somebody wants to publish. */
export interface Found {
  ties: Ties;
  /** The version, if it was published before. */
  before: VersionRow | undefined;
  /** Versions the account has published in this hour. */
  published: number;
  /** Everybody sees the course. */
  isPublic: boolean;
  isNoted: boolean;
}

/** Finds all that a publish is judged by, and notes it where its publisher has the right: nobody else can make us write. */
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

/** Selects a row if everybody sees the course. */
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

/** Versions the account has published in the current hour. */
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

/** Notes an upload of which nobody knows yet what course it is. */
export async function noteAttempt(db: Database, { id, keys }: AttemptNote, userId: string): Promise<void> {
  await db.insert(registryPublishAttempts).values({ id, userId, keys: JSON.stringify(keys) });
}
