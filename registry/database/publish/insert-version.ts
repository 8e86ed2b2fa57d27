// Owns writing a version: the one batch that commits a publish, and the note of the objects it may leave behind.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { type Column, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import type { AuditActor } from '../audit/audit-log.ts';
import { GIVEN_NAME, packageIdOf } from '../courses-by-name.ts';
import { type Database, isNullViolation } from '../database.ts';
import { putDistTag, refreshPackage, type Visibility } from '../package-row.ts';
import { placeholders, preparedBatch } from '../prepared-batch.ts';
import {
  registryAuditLog,
  registryPackages,
  registryPublishAttempts,
  registryPublishCounts,
  registryVersions,
} from '../schema/tables.ts';
import { hourOf, mayPublish } from './admission.ts';
import { takeLatest } from './take-latest.ts';

/** What a publish says of its version. */
const VERSION_COLUMNS = [
  'id',
  'version',
  'latestRank',
  'storageKey',
  'sizeBytes',
  'checksum',
  'integrity',
  'tarballKey',
  'tarballSize',
  'tarballIntegrity',
  'shasum',
  'fileCount',
  'unpackedSize',
  'tree',
  'signatureKeyid',
  'signature',
  'progySignature',
  'manifest',
  'readme',
  'outline',
  'changelog',
  'createdAt',
] as const;

/** A missing value is NULL; the time is the publish's own. */
export type NewVersion = Pick<typeof registryVersions.$inferInsert, (typeof VERSION_COLUMNS)[number]> & {
  createdAt: Date;
};

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
  const { tag, restrict, force } = record;
  await commitOf({ asksForLatest: tag === undefined || tag === 'latest', restrict, force })(db, givenBy(record));
}

function givenBy({ attempt, name, isPrivate, restrict, version, tag, quota, actor, force, now }: PublishRecord) {
  return {
    ...Object.fromEntries(VERSION_COLUMNS.map((column) => [column, version[column] ?? null])),
    full: name.full,
    scope: name.scope,
    slug: name.slug,
    packageId: crypto.randomUUID(),
    isPrivate,
    isPublic: !isPrivate && !restrict,
    userId: actor.id,
    username: actor.username,
    tokenId: actor.tokenId ?? null,
    after: publishedAs({ version, tag, force, restrict }),
    hour: hourOf(now),
    attempt,
    tag,
    quota,
    now,
  };
}

const GIVEN = placeholders([
  'slug',
  'packageId',
  'isPrivate',
  'isPublic',
  'userId',
  'username',
  'tokenId',
  'after',
  'hour',
  'attempt',
  'tag',
  'quota',
  'now',
]);
const GIVEN_VERSION = placeholders(VERSION_COLUMNS);

/** What makes a commit other statements. */
interface CommitKind {
  asksForLatest: boolean;
  restrict: boolean;
  force: boolean;
}

const commits = new Map<string, ReturnType<typeof preparedCommit>>();

function commitOf(kind: CommitKind): ReturnType<typeof preparedCommit> {
  const key = JSON.stringify([kind.asksForLatest, kind.restrict, kind.force]);
  const commit = commits.get(key) ?? preparedCommit(kind);
  commits.set(key, commit);
  return commit;
}

function preparedCommit(kind: CommitKind) {
  const { asksForLatest } = kind;
  return preparedBatch((db) => [
    upsertPackage(db, kind),
    insertRow(db, kind),
    takeLatest(db, GIVEN_NAME, GIVEN_VERSION, asksForLatest),
    ...(asksForLatest ? [] : [putDistTag(db, GIVEN_NAME, GIVEN.tag, GIVEN_VERSION.id)]),
    // The row of the course follows `latest`; `private` follows the newest publish.
    refreshPackage(db, GIVEN_NAME, encoded('now', registryPackages.updatedAt), visibilityAfter(kind)),
    countPublish(db),
    logPublish(db),
    db.delete(registryPublishAttempts).where(eq(registryPublishAttempts.id, GIVEN.attempt)),
  ]);
}

/** A value as its column encodes it. */
function encoded(name: keyof typeof GIVEN, column: Column): SQL {
  return sql`${sql.param(GIVEN[name], column)}`;
}

function insertRow(db: Database, { force }: CommitKind) {
  // The publisher if they may publish, else NULL, which the schema forbids.
  const publisherId = sql`CASE WHEN ${mayPublish(GIVEN_NAME, GIVEN.userId, force)} THEN ${GIVEN.userId} END`;
  return db.insert(registryVersions).values({ ...GIVEN_VERSION, packageId: packageIdOf(GIVEN_NAME), publisherId });
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

function visibilityAfter({ restrict }: CommitKind): Visibility {
  const isPrivate = encoded('isPrivate', registryPackages.isPrivate);
  return { isPrivate, ...(restrict ? { isRestricted: RESTRICTED } : {}) };
}

function upsertPackage(db: Database, { restrict }: CommitKind) {
  const { packageId, userId, slug, isPrivate, isPublic, now } = GIVEN;
  const name = sql`${GIVEN_NAME.full}`;
  return db
    .insert(registryPackages)
    .values({
      id: packageId,
      userId,
      name,
      slug,
      isPrivate,
      isRestricted: restrict,
      isPublic,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing({ target: registryPackages.name });
}

/** What the audit log says of a publish. */
function publishedAs({ version, tag, force, restrict }: Pick<PublishRecord, 'version' | 'tag' | 'force' | 'restrict'>) {
  const said = { ...(force ? { force } : {}), ...(restrict ? { access: 'restricted' } : {}) };
  return { integrity: version.tarballIntegrity, tree: version.tree, tag, ...said };
}

function logPublish(db: Database) {
  const { now: at, userId, username, tokenId, after } = GIVEN;
  const { version } = GIVEN_VERSION;
  return db
    .insert(registryAuditLog)
    .values({ at, userId, username, tokenId, action: 'publish', subject: sql`${GIVEN_NAME.full}`, version, after });
}

function countPublish(db: Database) {
  const { userId, hour, quota } = GIVEN;
  return db
    .insert(registryPublishCounts)
    .values({ userId, hour, count: 1, quota })
    .onConflictDoUpdate({
      target: [registryPublishCounts.userId, registryPublishCounts.hour],
      set: { count: sql`${registryPublishCounts.count} + 1`, quota: sql`${quota}` },
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
