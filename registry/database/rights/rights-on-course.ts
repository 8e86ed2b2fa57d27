// Owns reading from D1 what gives somebody rights (a scope, a role in an organization, a grant on a course), and as SQL the courses that those let them see.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { ADMIN_ROLE } from '../accounts/accounts.ts';
import { type NameInSql, packageIdOf, scopeOfPackage, type TextInSql } from '../courses-by-name.ts';
import { type Database, listOf } from '../database.ts';
import { member, registryCollaborators, registryPackages, registryScopes, user } from '../schema/tables.ts';

export type OrganizationRole = (typeof member.$inferSelect)['role'];
/** The right granted on one course: the column and the documents call it permission. */
export type CollaboratorRight = (typeof registryCollaborators.$inferSelect)['permission'];

/** The reader, and what their token reaches, `@scope` or `@scope/slug`; null: everything that they may see. */
export interface Reader {
  id: string;
  limits: { courses: readonly string[] | null };
}

/**
 * SQL for the courses of registry_packages that somebody may see: the public ones, and those that any tie of
 * {@link findTies} and their token let them read. For lists; for one course use `visible` of the domain. One table of cases
 * tests both.
 */
export function readableBy(reader: Reader | undefined): SQL {
  const isPublic = sql`${registryPackages.isPublic} = 1`;
  if (reader === undefined) return isPublic;
  const scopes = sql`SELECT ${registryScopes.name} FROM ${registryScopes} WHERE ${registryScopes.userId} = ${reader.id}
    UNION ALL SELECT ${registryScopes.name} FROM ${member}
    JOIN ${registryScopes} ON ${registryScopes.organizationId} = ${member.organizationId} WHERE ${member.userId} = ${reader.id}`;
  const granted = sql`SELECT ${registryCollaborators.packageId} FROM ${registryCollaborators}
    WHERE ${registryCollaborators.userId} = ${reader.id}`;
  const tied = sql`(${scopeOfPackage} IN (${scopes}) OR ${registryPackages.id} IN (${granted}))`;
  return sql`(${isPublic} OR ${tied} AND ${reachedBy(reader.limits.courses)})`;
}

function reachedBy(courses: readonly string[] | null): SQL {
  if (courses === null) return sql`1`;
  const list = listOf(courses);
  return sql`(${registryPackages.name} IN ${list} OR '@' || ${scopeOfPackage} IN ${list})`;
}

/** What ties one account to one course. The scope may have no holder, and the course need not exist. */
export interface Ties {
  /** Somebody holds the scope. */
  isHeld: boolean;
  /** The scope is the account's username. */
  isHolder: boolean;
  /** Role in the organization that holds the scope. */
  role: OrganizationRole | null;
  /** Granted on the course itself. */
  granted: CollaboratorRight | null;
}

/** All of an account's ties to a course, in one round trip. */
export async function findTies(db: Database, name: PackageName, userId: string): Promise<Ties> {
  return tiesFrom(...(await db.batch([scopeTieQuery(db, name, userId), grantQuery(db, name, userId)])));
}

/** Selects what ties an account to the scope of a course. */
export function scopeTieQuery(db: Database, name: NameInSql, userId: TextInSql) {
  return db
    .select({ isHolder: sql<number>`${registryScopes.userId} IS ${userId}`, role: member.role })
    .from(registryScopes)
    .leftJoin(member, and(eq(member.organizationId, registryScopes.organizationId), eq(member.userId, userId)))
    .where(eq(registryScopes.name, name.scope));
}

/** Selects what an account was granted on a course itself. */
export function grantQuery(db: Database, name: NameInSql, userId: TextInSql) {
  return db
    .select({ permission: registryCollaborators.permission })
    .from(registryCollaborators)
    .innerJoin(registryPackages, eq(registryPackages.id, registryCollaborators.packageId))
    .where(and(eq(registryPackages.name, name.full), eq(registryCollaborators.userId, userId)));
}

/** Combines the rows of {@link scopeTieQuery} and {@link grantQuery}. */
export function tiesFrom(
  [scope]: Awaited<ReturnType<typeof scopeTieQuery>>,
  [grant]: Awaited<ReturnType<typeof grantQuery>>,
): Ties {
  return {
    isHeld: scope !== undefined,
    isHolder: scope?.isHolder === 1,
    role: scope?.role ?? null,
    granted: grant?.permission ?? null,
  };
}

/**
 * SQL for whether an account may write a course, for batches that must check it when they run. The rule is
 * `rightFrom` of the domain; one table of cases tests both.
 */
export function mayWrite(name: NameInSql, userId: TextInSql): SQL {
  const byScope = sql`SELECT 1 FROM ${registryScopes}
    LEFT JOIN ${member} ON ${member.organizationId} = ${registryScopes.organizationId} AND ${member.userId} = ${userId}
    WHERE ${registryScopes.name} = ${name.scope}
      AND (${registryScopes.userId} = ${userId} OR ${member.role} IN ('owner', 'publisher'))`;
  const byGrant = sql`SELECT 1 FROM ${registryCollaborators} WHERE ${registryCollaborators.userId} = ${userId}
    AND ${registryCollaborators.packageId} = ${packageIdOf(name)} AND ${registryCollaborators.permission} = 'write'`;
  return sql`(EXISTS (${byScope}) OR EXISTS (${byGrant}))`;
}

/** SQL for whether an account may force a change without the right to it: an admin may, in scopes that somebody holds. */
export function mayForce({ scope }: NameInSql, userId: TextInSql): SQL {
  return sql`(EXISTS (SELECT 1 FROM ${registryScopes} WHERE ${registryScopes.name} = ${scope})
    AND EXISTS (SELECT 1 FROM ${user} WHERE ${user.id} = ${userId} AND ${user.role} = ${ADMIN_ROLE}))`;
}
