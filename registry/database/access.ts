// Owns reading from D1 what gives somebody rights: holding a scope, a role in an organization, being named on a course.
import type { PackageName } from '@progy/protocol/package-name.ts';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { member, registryCollaborators, registryPackages, registryScopes } from './schema.ts';

export type OrganizationRole = (typeof member.$inferSelect)['role'];
export type Permission = (typeof registryCollaborators.$inferSelect)['permission'];

/** What ties one account to one course. The scope may be held by nobody, and the course need not exist. */
export interface Ties {
  /** The scope is the account's username. */
  isHolder: boolean;
  /** Role in the organization that holds the scope. */
  role: OrganizationRole | null;
  /** Granted on the course itself. */
  permission: Permission | null;
}

/** All of an account's ties to a course, in one round trip. */
export async function findTies(db: Database, name: PackageName, userId: string): Promise<Ties> {
  const [scopes, permissions] = await db.batch([
    db
      .select({ isHolder: sql<number>`${registryScopes.userId} IS ${userId}`, role: member.role })
      .from(registryScopes)
      .leftJoin(member, and(eq(member.organizationId, registryScopes.organizationId), eq(member.userId, userId)))
      .where(eq(registryScopes.name, name.scope)),
    db
      .select({ permission: registryCollaborators.permission })
      .from(registryCollaborators)
      .innerJoin(registryPackages, eq(registryPackages.id, registryCollaborators.packageId))
      .where(and(eq(registryPackages.name, name.full), eq(registryCollaborators.userId, userId))),
  ]);
  return {
    isHolder: scopes[0]?.isHolder === 1,
    role: scopes[0]?.role ?? null,
    permission: permissions[0]?.permission ?? null,
  };
}
