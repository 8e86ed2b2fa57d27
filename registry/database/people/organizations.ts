// Owns organizations and their members in D1. A trigger ensures that one owner always remains (migration organizations_keep_an_owner).
import { and, count, eq, sql } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { inScope } from '../courses-by-name.ts';
import { type Database, messagesOf } from '../database.ts';
import type { OrganizationRole } from '../rights/rights-on-course.ts';
import { member, organization, registryPackages, user } from '../schema/tables.ts';

export interface Organization {
  id: string;
  /** Also its scope. */
  slug: string;
}

/** An organization, and the role of an account in it. */
export interface Membership extends Organization {
  role: OrganizationRole | null;
}

/** Creates an organization with its first owner. @throws D1's UNIQUE error on registry_scopes if the name is taken. */
export async function insertOrganization(
  db: Database,
  { id, slug }: Organization,
  ownerId: string,
  entry: AuditEntry,
): Promise<void> {
  const createdAt = entry.at;
  await db.batch([
    db.insert(organization).values({ id, slug, name: slug, createdAt }),
    db
      .insert(member)
      .values({ id: crypto.randomUUID(), organizationId: id, userId: ownerId, role: 'owner', createdAt }),
    auditEntry(db, entry),
  ]);
}

export async function findMembership(db: Database, slug: string, userId: string): Promise<Membership | undefined> {
  return db
    .select({ id: organization.id, slug: organization.slug, role: member.role })
    .from(organization)
    .leftJoin(member, and(eq(member.organizationId, organization.id), eq(member.userId, userId)))
    .where(eq(organization.slug, slug))
    .get();
}

/** Role by username, sorted by name. */
export async function findRoster(db: Database, organizationId: string): Promise<Record<string, OrganizationRole>> {
  const rows = await db
    .select({ username: sql<string>`${user.username}`, role: member.role })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(eq(member.organizationId, organizationId))
    .orderBy(user.username);
  return Object.fromEntries(rows.map(({ username, role }) => [username, role]));
}

/** Makes somebody a member in a role, or changes the role. Returns the number of members afterwards. */
export async function putMember(
  db: Database,
  { id, slug }: Organization,
  { id: userId, role }: { id: string; role: OrganizationRole },
  entry: AuditEntry,
): Promise<number> {
  const values = { id: crypto.randomUUID(), organizationId: id, userId, role, createdAt: entry.at };
  const target = [member.organizationId, member.userId];
  const [, , , counted] = await db.batch([
    db.insert(member).values(values).onConflictDoUpdate({ target, set: { role } }),
    renewCourses(db, slug),
    auditEntry(db, entry),
    db.select({ size: count() }).from(member).where(eq(member.organizationId, id)),
  ]);
  return counted[0]?.size ?? 0;
}

export async function deleteMember(
  db: Database,
  { id, slug }: Organization,
  userId: string,
  entry: AuditEntry,
): Promise<void> {
  await db.batch([
    db.delete(member).where(and(eq(member.organizationId, id), eq(member.userId, userId))),
    renewCourses(db, slug),
    auditEntry(db, entry),
  ]);
}

/** The documents of an organization's courses name its owners. */
function renewCourses(db: Database, slug: string) {
  return db
    .update(registryPackages)
    .set({ rev: sql`${registryPackages.rev} + 1` })
    .where(inScope(registryPackages.name, slug));
}

/** True if a batch failed because it would have left an organization without an owner. */
export function isLastOwner(error: unknown): boolean {
  return messagesOf(error).some((message) => message.includes('an organization keeps an owner'));
}
