// Owns invitations in D1: links with places and an end, and accepting them so that no place is taken twice.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, count, eq, gt, lte, sql } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { packageIdOf } from '../courses-by-name.ts';
import { type Database, isCheckViolation, isNullViolation } from '../database.ts';
import { courseInvitationLinks, registryCollaborators, registryPackages, user } from '../schema/tables.ts';

export interface NewInvitation {
  readonly id: string;
  readonly name: PackageName;
  /** Hex sha256. */
  readonly secretHash: string;
  /** Id of an account. */
  readonly createdBy: string;
  readonly seats: number;
  readonly expiresAt: Date;
}

/** Adds a link, and forgets those of the course that have ended. */
export async function insertInvitation(db: Database, invitation: NewInvitation, entry: AuditEntry): Promise<void> {
  const { name, ...values } = invitation;
  await db.batch([
    db.delete(courseInvitationLinks).where(and(ofCourse(name), lte(courseInvitationLinks.expiresAt, entry.at))),
    db.insert(courseInvitationLinks).values({ ...values, packageId: packageIdOf(name) }),
    auditEntry(db, entry),
  ]);
}

/** How many links of a course are open. */
export async function countInvitations(db: Database, name: PackageName, now: Date): Promise<number> {
  const row = await db
    .select({ open: count() })
    .from(courseInvitationLinks)
    .where(and(ofCourse(name), gt(courseInvitationLinks.expiresAt, now)))
    .get();
  return row?.open ?? 0;
}

/** Deletes all links of a course. */
export async function deleteInvitations(db: Database, name: PackageName, entry: AuditEntry): Promise<void> {
  await db.batch([db.delete(courseInvitationLinks).where(ofCourse(name)), auditEntry(db, entry)]);
}

/** A link that has not ended. */
export interface Invitation {
  readonly id: string;
  /** `@scope/slug`. */
  readonly name: string;
  /** Username of who made it. */
  readonly by: string;
  readonly isFull: boolean;
}

/** The link with a secret, if it has not ended. */
export async function findInvitation(db: Database, secretHash: string, now: Date): Promise<Invitation | undefined> {
  const row = await db
    .select({
      id: courseInvitationLinks.id,
      name: registryPackages.name,
      by: sql<string>`${user.username}`,
      seats: courseInvitationLinks.seats,
      used: courseInvitationLinks.used,
    })
    .from(courseInvitationLinks)
    .innerJoin(registryPackages, eq(registryPackages.id, courseInvitationLinks.packageId))
    .innerJoin(user, eq(user.id, courseInvitationLinks.createdBy))
    .where(and(eq(courseInvitationLinks.secretHash, secretHash), gt(courseInvitationLinks.expiresAt, now)))
    .get();
  return row && { id: row.id, name: row.name, by: row.by, isFull: row.used >= row.seats };
}

/**
 * Takes a place and lets an account read the course, in one batch. Who has a right on the course already, as of two
 * requests at once the second, takes no place.
 * @throws D1's error for which {@link isTaken} is true, if there is no place any more.
 */
export async function takePlace(
  db: Database,
  { id }: Pick<Invitation, 'id'>,
  userId: string,
  entry: AuditEntry,
): Promise<void> {
  const isOpen = sql`${courseInvitationLinks.expiresAt} > ${Math.floor(entry.at.getTime() / 1000)}`;
  const isIn = sql`EXISTS (SELECT 1 FROM ${registryCollaborators} WHERE ${registryCollaborators.packageId} = ${courseInvitationLinks.packageId} AND ${registryCollaborators.userId} = ${userId})`;
  const used = sql`CASE WHEN ${isOpen} THEN ${courseInvitationLinks.used} + NOT ${isIn} END`;
  const course = sql<string>`(SELECT ${courseInvitationLinks.packageId} FROM ${courseInvitationLinks} WHERE ${courseInvitationLinks.id} = ${id})`;
  await db.batch([
    db.update(courseInvitationLinks).set({ used }).where(eq(courseInvitationLinks.id, id)),
    // A link that was deleted meanwhile leaves NULL for the course, which ends the batch too.
    db.insert(registryCollaborators).values({ packageId: course, userId, permission: 'read' }).onConflictDoNothing(),
    auditEntry(db, entry),
  ]);
}

/** True if a batch failed because the link has ended, was deleted, or is full. */
export function isTaken(error: unknown): boolean {
  return (
    isCheckViolation(error, 'course_invitation_links_seats') ||
    isNullViolation(error, 'course_invitation_links.used') ||
    isNullViolation(error, 'registry_collaborators.package_id')
  );
}

function ofCourse(name: PackageName) {
  return eq(courseInvitationLinks.packageId, packageIdOf(name));
}
