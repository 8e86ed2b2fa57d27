// Owns writing a version: the one batch that makes a publish true, and the note of what a publish may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import { type AuditActor, type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { packageIdOf } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import { putDistTag, refreshPackage, type Visibility } from '../package-row.ts';
import {
  registryPackages,
  registryPublishAttempts,
  registryPublishCounts,
  registryVersions,
} from '../schema/tables.ts';
import { takeLatest } from './take-latest.ts';

export type NewVersion = Omit<typeof registryVersions.$inferInsert, 'packageId'>;

/** All that a publish writes. */
export interface PublishRecord {
  attempt: string;
  name: PackageName;
  isPrivate: boolean;
  /** Hides the course, if it was not hidden before. */
  restrict: boolean;
  version: NewVersion & { id: string };
  /** The tag asked for, or undefined for `latest` by its rule. */
  tag: string | undefined;
  /** Versions the publisher may publish in this hour. */
  quota: number;
  actor: AuditActor;
  /** An admin made it so. */
  force: boolean;
  now: Date;
}

/**
 * Makes a version true: package if new, version, dist-tags, quota, all in one transaction.
 * @throws D1's constraint errors: UNIQUE on registry_versions (published before), CHECK registry_publish_quota (too many this hour).
 */
export async function insertVersion(db: Database, record: PublishRecord): Promise<void> {
  const { name, version, tag } = record;
  const asksForLatest = tag === undefined || tag === 'latest';
  await db.batch([
    upsertPackage(db, record),
    db.insert(registryVersions).values({ ...version, packageId: packageIdOf(name) }),
    takeLatest(db, name, version, asksForLatest),
    ...(asksForLatest ? [] : [putDistTag(db, name, tag, version.id)]),
    // The row of the course follows `latest`; `private` follows the newest publish.
    refreshPackage(db, name, record.now, visibilityAfter(record)),
    countPublish(db, record),
    auditEntry(db, publishEntry(record)),
    db.delete(registryPublishAttempts).where(eq(registryPublishAttempts.id, record.attempt)),
  ]);
}

function visibilityAfter({ isPrivate, restrict }: PublishRecord): Visibility {
  return { isPrivate, ...(restrict ? { isRestricted: true } : {}) };
}

function upsertPackage(db: Database, { name, version, isPrivate, restrict, now }: PublishRecord) {
  return db
    .insert(registryPackages)
    .values({
      id: crypto.randomUUID(),
      userId: version.publisherId,
      name: name.full,
      slug: name.slug,
      isPrivate,
      isRestricted: restrict,
      isPublic: !isPrivate && !restrict,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing({ target: registryPackages.name });
}

function publishEntry({ actor, name, version, tag, force, restrict, now }: PublishRecord): AuditEntry {
  const said = { ...(force ? { force } : {}), ...(restrict ? { access: 'restricted' } : {}) };
  const after = { integrity: version.tarballIntegrity, tree: version.tree, tag, ...said };
  return { actor, action: 'publish', subject: name.full, version: version.version, after, at: now };
}

function countPublish(db: Database, { version, quota, now }: PublishRecord) {
  return db
    .insert(registryPublishCounts)
    .values({ userId: version.publisherId, hour: hourOf(now), count: 1, quota })
    .onConflictDoUpdate({
      target: [registryPublishCounts.userId, registryPublishCounts.hour],
      set: { count: sql`${registryPublishCounts.count} + 1`, quota },
    });
}

/** Versions the account has published in the current hour. */
export async function countPublished(db: Database, userId: string, now: Date): Promise<number> {
  const row = await db
    .select({ count: registryPublishCounts.count })
    .from(registryPublishCounts)
    .where(and(eq(registryPublishCounts.userId, userId), eq(registryPublishCounts.hour, hourOf(now))))
    .get();
  return row?.count ?? 0;
}

function hourOf(time: Date): number {
  return Math.floor(time.getTime() / 3_600_000);
}

/** Notes which objects a publish is about to write, so that the sweep finds them if it dies. Called again when the keys change. */
export async function noteAttempt(db: Database, id: string, userId: string, keys: readonly string[]): Promise<void> {
  const note = JSON.stringify(keys);
  await db
    .insert(registryPublishAttempts)
    .values({ id, userId, keys: note })
    .onConflictDoUpdate({ target: registryPublishAttempts.id, set: { keys: note } });
}

export async function forgetAttempt(db: Database, id: string): Promise<void> {
  await db.delete(registryPublishAttempts).where(eq(registryPublishAttempts.id, id));
}

/** Attempts begun before `before` that never ended, oldest first. */
export async function findStaleAttempts(
  db: Database,
  before: Date,
  limit: number,
): Promise<{ id: string; keys: string[] }[]> {
  const rows = await db
    .select({ id: registryPublishAttempts.id, keys: registryPublishAttempts.keys })
    .from(registryPublishAttempts)
    .where(lt(registryPublishAttempts.createdAt, before))
    .orderBy(registryPublishAttempts.createdAt)
    .limit(limit);
  return rows.map(({ id, keys }) => ({ id, keys: JSON.parse(keys) as string[] }));
}

/** True when a version names the object. */
export async function isNamed(db: Database, key: string): Promise<boolean> {
  const row = await db
    .select({ id: registryVersions.id })
    .from(registryVersions)
    .where(or(eq(registryVersions.storageKey, key), eq(registryVersions.tarballKey, key)))
    .get();
  return row !== undefined;
}
