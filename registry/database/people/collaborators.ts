// Owns the rights that people have on single courses, in D1: granting, revoking and listing them.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { requireRev } from '../course-lock.ts';
import { inScope, packageIdOf } from '../courses-by-name.ts';
import { type Database, listOf } from '../database.ts';
import { refreshPackage } from '../package-row.ts';
import { type CollaboratorRight, type Reader, readableBy } from '../rights/rights-on-course.ts';
import { member, registryCollaborators, registryPackages, registryScopes, user } from '../schema/tables.ts';

/** Rights by name: by account for a course, or by course for an account. */
export type RightsByName = Record<string, CollaboratorRight>;

/** Grants an account a right on a course; a maintainer who is granted reading stays a maintainer. */
export async function saveGrant(db: Database, name: PackageName, userId: string, entry: AuditEntry): Promise<void> {
  const values = { packageId: packageIdOf(name), userId, permission: 'read' } as const;
  await db.batch([db.insert(registryCollaborators).values(values).onConflictDoNothing(), auditEntry(db, entry)]);
}

/** Grants several accounts the right to read a course; who has a right on it keeps that. */
export async function saveGrants(
  db: Database,
  name: PackageName,
  userIds: readonly string[],
  entry: AuditEntry,
): Promise<void> {
  // In the order of the columns. `WHERE true`, or SQLite would take ON CONFLICT for part of a join.
  const granted = sql`SELECT ${packageIdOf(name)}, value, 'read', ${Math.floor(entry.at.getTime() / 1000)}
    FROM json_each(${JSON.stringify(userIds)}) WHERE true`;
  await db.batch([db.insert(registryCollaborators).select(granted).onConflictDoNothing(), auditEntry(db, entry)]);
}

/** Those of some accounts that have a right on the course itself. */
export async function findGrantedAmong(db: Database, name: PackageName, userIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ userId: registryCollaborators.userId })
    .from(registryCollaborators)
    .where(
      and(
        eq(registryCollaborators.packageId, packageIdOf(name)),
        inArray(registryCollaborators.userId, listOf(userIds)),
      ),
    );
  return rows.map(({ userId }) => userId);
}

/** Revokes the right to read. */
export async function deleteGrant(db: Database, name: PackageName, userId: string, entry: AuditEntry): Promise<void> {
  const itself = and(collaboration(name, userId), eq(registryCollaborators.permission, 'read'));
  await db.batch([db.delete(registryCollaborators).where(itself), auditEntry(db, entry)]);
}

/** The right that an account was granted on the course itself. */
export async function findGrant(
  db: Database,
  name: PackageName,
  userId: string,
): Promise<CollaboratorRight | undefined> {
  const row = await db
    .select({ permission: registryCollaborators.permission })
    .from(registryCollaborators)
    .where(collaboration(name, userId))
    .get();
  return row?.permission;
}

/** Maintainers to add and to remove, planned from the course at `rev`. */
export interface MaintainerChanges {
  name: PackageName;
  rev: number;
  /** Ids of accounts. */
  added: readonly string[];
  removed: readonly string[];
  entries: readonly AuditEntry[];
  now: Date;
}

/**
 * Changes the maintainers of a course, all or nothing.
 * @throws D1's error for which `isStale` is true, if the course changed since `rev`.
 */
export async function changeMaintainers(db: Database, changes: MaintainerChanges): Promise<void> {
  const { name, rev, added, removed, entries, now } = changes;
  await db.batch([
    requireRev(db, name, rev),
    ...added.map((userId) => putMaintainer(db, name, userId)),
    ...removed.map((userId) => db.delete(registryCollaborators).where(collaboration(name, userId))),
    refreshPackage(db, name, now),
    ...entries.map((entry) => auditEntry(db, entry)),
  ]);
}

function putMaintainer(db: Database, name: PackageName, userId: string) {
  return db
    .insert(registryCollaborators)
    .values({ packageId: packageIdOf(name), userId, permission: 'write' })
    .onConflictDoUpdate({
      target: [registryCollaborators.packageId, registryCollaborators.userId],
      set: { permission: 'write' },
    });
}

function collaboration(name: PackageName, userId: string) {
  return and(eq(registryCollaborators.packageId, packageIdOf(name)), eq(registryCollaborators.userId, userId));
}

/** Restricts a course, or lifts the restriction. */
export async function saveRestriction(
  db: Database,
  name: PackageName,
  isRestricted: boolean,
  entry: AuditEntry,
): Promise<void> {
  await db.batch([refreshPackage(db, name, entry.at, { isRestricted }), auditEntry(db, entry)]);
}

/** Everybody who has a right on a course, through its scope or on the course itself. */
export async function findCollaborators(db: Database, name: PackageName): Promise<RightsByName> {
  const rows = await db.all<Held>(sql`
    SELECT ${user.username} AS name, max(may) AS may FROM (
      SELECT ${registryScopes.userId} AS id, 1 AS may FROM ${registryScopes} WHERE ${registryScopes.name} = ${name.scope}
      UNION ALL
      SELECT ${member.userId}, ${member.role} <> 'reader' FROM ${registryScopes}
        JOIN ${member} ON ${member.organizationId} = ${registryScopes.organizationId}
        WHERE ${registryScopes.name} = ${name.scope}
      UNION ALL
      SELECT ${registryCollaborators.userId}, ${registryCollaborators.permission} = 'write' FROM ${registryCollaborators}
        WHERE ${registryCollaborators.packageId} = ${packageIdOf(name)}
    ) AS held JOIN ${user} ON ${user.id} = held.id GROUP BY ${user.id} ORDER BY ${user.username}`);
  return toRightsByName(rows);
}

/** The courses that an account has rights on and the reader may see. */
export async function findCoursesOf(db: Database, userId: string, reader: Reader): Promise<RightsByName> {
  const rows = await db.all<Held>(sql`
    SELECT ${registryPackages.name} AS name, max(held.may) AS may FROM (
      SELECT course.id, 1 AS may FROM ${registryScopes} JOIN ${registryPackages} AS course ON ${isInScope}
        WHERE ${registryScopes.userId} = ${userId}
      UNION ALL
      SELECT course.id, ${member.role} <> 'reader' FROM ${member}
        JOIN ${registryScopes} ON ${registryScopes.organizationId} = ${member.organizationId}
        JOIN ${registryPackages} AS course ON ${isInScope}
        WHERE ${member.userId} = ${userId}
      UNION ALL
      SELECT ${registryCollaborators.packageId}, ${registryCollaborators.permission} = 'write' FROM ${registryCollaborators}
        WHERE ${registryCollaborators.userId} = ${userId}
    ) AS held JOIN ${registryPackages} ON ${registryPackages.id} = held.id
    WHERE ${isListed(reader)} GROUP BY ${registryPackages.id} ORDER BY ${registryPackages.name}`);
  return toRightsByName(rows);
}

/** The courses of a scope that the reader may see, each with that right. */
export async function findCoursesInScope(
  db: Database,
  scope: string,
  right: CollaboratorRight,
  reader: Reader,
): Promise<RightsByName> {
  const rows = await db.all<{ name: string }>(sql`
    SELECT ${registryPackages.name} AS name FROM ${registryPackages}
    WHERE ${inScope(registryPackages.name, scope)} AND ${isListed(reader)}
    ORDER BY ${registryPackages.name}`);
  return Object.fromEntries(rows.map(({ name }) => [name, right]));
}

const isInScope = inScope(sql`course.name`, registryScopes.name);

function isListed(reader: Reader): SQL {
  return sql`${registryPackages.latestVersion} IS NOT NULL AND ${readableBy(reader)}`;
}

/** A name, and whether its rights include writing (1) or only reading (0). */
interface Held {
  name: string;
  may: 0 | 1;
}

function toRightsByName(rows: readonly Held[]): RightsByName {
  return Object.fromEntries(rows.map(({ name, may }) => [name, may === 1 ? 'write' : 'read']));
}
