// Owns writing a version: the one batch that commits a publish, and the note of the objects it may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { eq, lt, or, type SQL, sql } from 'drizzle-orm';
import { type AuditActor, type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { packageIdOf } from '../courses-by-name.ts';
import { type Database, isNullViolation } from '../database.ts';
import { putDistTag, refreshPackage, type Visibility } from '../package-row.ts';
import {
  registryPackages,
  registryPublishAttempts,
  registryPublishCounts,
  registryVersions,
} from '../schema/tables.ts';
import { hourOf, mayPublish } from './admission.ts';
import { takeLatest } from './take-latest.ts';

export type NewVersion = Omit<typeof registryVersions.$inferInsert, 'packageId' | 'publisherId'>;

/** Everything that a publish writes. */
export interface PublishRecord {
  attempt: string;
  name: PackageName;
  isPrivate: boolean;
  /** Restricts the course. If it is already public, it stays public and the publish fails. */
  restrict: boolean;
  version: NewVersion & { id: string };
  /** The requested tag, or undefined for `latest` by its rule. */
  tag: string | undefined;
  /** Versions that the publisher may publish in this hour. */
  quota: number;
  actor: AuditActor;
  /** An admin forces it. */
  force: boolean;
  now: Date;
}

/**
 * Commits a version: package if new, version, dist-tags, quota, all in one transaction. What was checked before the
 * upload may have changed since, so constraints check all of it again.
 * @throws D1's constraint errors: UNIQUE on registry_versions (published before), CHECK registry_publish_quota (too many
 *   this hour), and those that {@link hasLostRight} and {@link isShownAlready} recognize.
 */
export async function insertVersion(db: Database, record: PublishRecord): Promise<void> {
  const { name, version, tag } = record;
  const asksForLatest = tag === undefined || tag === 'latest';
  await db.batch([
    upsertPackage(db, record),
    db.insert(registryVersions).values({ ...version, packageId: packageIdOf(name), publisherId: publisherOf(record) }),
    takeLatest(db, name, version, asksForLatest),
    ...(asksForLatest ? [] : [putDistTag(db, name, tag, version.id)]),
    // The row of the course follows `latest`; `private` follows the newest publish.
    refreshPackage(db, name, record.now, visibilityAfter(record)),
    countPublish(db, record),
    auditEntry(db, publishEntry(record)),
    db.delete(registryPublishAttempts).where(eq(registryPublishAttempts.id, record.attempt)),
  ]);
}

/** The publisher if they may publish, else NULL, which the schema forbids. */
function publisherOf({ name, actor, force }: PublishRecord): SQL {
  return sql`CASE WHEN ${mayPublish(name, actor.id, force)} THEN ${actor.id} END`;
}

/** True if a commit failed because its publisher may no longer publish there. */
export function hasLostRight(error: unknown): boolean {
  return isNullViolation(error, 'registry_versions.publisher_id');
}

/** A publish cannot restrict a public course: NULL, which the schema forbids. */
const RESTRICTED = sql`CASE WHEN ${registryPackages.isPublic} AND ${registryPackages.latestVersion} IS NOT NULL THEN NULL ELSE 1 END`;

/** True if a commit failed because the course that it would restrict is public. The row derives `is_public` from it. */
export function isShownAlready(error: unknown): boolean {
  return isNullViolation(error, 'registry_packages.is_public');
}

function visibilityAfter({ isPrivate, restrict }: PublishRecord): Visibility {
  return { isPrivate, ...(restrict ? { isRestricted: RESTRICTED } : {}) };
}

function upsertPackage(db: Database, { name, actor, isPrivate, restrict, now }: PublishRecord) {
  return db
    .insert(registryPackages)
    .values({
      id: crypto.randomUUID(),
      userId: actor.id,
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

function countPublish(db: Database, { actor, quota, now }: PublishRecord) {
  return db
    .insert(registryPublishCounts)
    .values({ userId: actor.id, hour: hourOf(now), count: 1, quota })
    .onConflictDoUpdate({
      target: [registryPublishCounts.userId, registryPublishCounts.hour],
      set: { count: sql`${registryPublishCounts.count} + 1`, quota },
    });
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

/** True if a version names the object. */
export async function isNamed(db: Database, key: string): Promise<boolean> {
  const row = await db
    .select({ id: registryVersions.id })
    .from(registryVersions)
    .where(or(eq(registryVersions.storageKey, key), eq(registryVersions.tarballKey, key)))
    .get();
  return row !== undefined;
}
