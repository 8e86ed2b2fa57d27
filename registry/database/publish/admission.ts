// Owns the one batch that D1 answers before a publish is admitted, and the note of the objects it may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { GIVEN_NAME, type NameInSql, type TextInSql } from '../courses-by-name.ts';
import { type Database, preparedOnce } from '../database.ts';
import { type VersionRow, versionEverQuery } from '../packages.ts';
import { placeholders, preparedBatch } from '../prepared-batch.ts';
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
  const { userId, name, version, force, note, now } = applicant;
  const [scopes, grants, counts, packages, versions, notes] = await (force ? forcedCheck : ordinaryCheck)(db, {
    full: name.full,
    scope: name.scope,
    userId,
    version: version ?? NO_VERSION,
    hour: hourOf(now),
    attempt: note.id,
    keys: JSON.stringify(note.keys),
    keyCount: note.keys.length,
    second: Math.floor(now.getTime() / 1_000),
  });
  return {
    ties: tiesFrom(scopes, grants),
    before: versions[0],
    published: counts[0]?.count ?? 0,
    isPublic: packages.length > 0,
    isNoted: notes.length > 0,
  };
}

const GIVEN = placeholders(['userId', 'version', 'hour', 'attempt', 'keys', 'keyCount', 'second']);
const ordinaryCheck = preparedBatch((db) => checks(db, false));
const forcedCheck = preparedBatch((db) => checks(db, true));

function checks(db: Database, force: boolean) {
  return [
    scopeTieQuery(db, GIVEN_NAME, GIVEN.userId),
    grantQuery(db, GIVEN_NAME, GIVEN.userId),
    countQuery(db),
    publicQuery(db),
    versionEverQuery(db, GIVEN_NAME, GIVEN.version),
    noteWhereRight(db, force),
  ] as const;
}

/** SQL for whether an account may publish to a course. */
export function mayPublish(name: NameInSql, userId: TextInSql, force: boolean): SQL {
  return force ? mayForce(name, userId) : mayWrite(name, userId);
}

/** Selects a row if the course is public. */
function publicQuery(db: Database) {
  const { name, isPublic, latestVersion } = registryPackages;
  return db
    .select({ isPublic })
    .from(registryPackages)
    .where(and(eq(name, GIVEN_NAME.full), isPublic, isNotNull(latestVersion)));
}

function countQuery(db: Database) {
  return db
    .select({ count: registryPublishCounts.count })
    .from(registryPublishCounts)
    .where(and(eq(registryPublishCounts.userId, GIVEN.userId), eq(registryPublishCounts.hour, GIVEN.hour)));
}

const publishCount = preparedOnce((db) => countQuery(db).prepare());

/** Versions that the account has published in the current hour. */
export async function countPublished(db: Database, userId: string, now: Date): Promise<number> {
  return (await publishCount(db).get({ userId, hour: hourOf(now) }))?.count ?? 0;
}

/** The hour that a publish counts in, since 1970. */
export function hourOf(time: Date): number {
  return Math.floor(time.getTime() / 3_600_000);
}

function noteWhereRight(db: Database, force: boolean) {
  const { attempt, userId, keys, keyCount, second } = GIVEN;
  const { id } = registryPublishAttempts;
  return db
    .insert(registryPublishAttempts)
    .select(
      sql`SELECT ${attempt}, ${userId}, ${keys}, ${second} WHERE ${keyCount} > 0 AND ${mayPublish(GIVEN_NAME, userId, force)}`,
    )
    .onConflictDoUpdate({ target: id, set: { keys: sql`${keys}` } })
    .returning({ id });
}

/** Notes an upload whose course is not known yet. */
export async function noteAttempt(db: Database, { id, keys }: AttemptNote, userId: string): Promise<void> {
  await db.insert(registryPublishAttempts).values({ id, userId, keys: JSON.stringify(keys) });
}
