// Owns the table of invitations: links that let a number of people read a course.
import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';
import { registryPackages } from './courses.ts';
import { createdAt } from './created-at.ts';

/** One row per link. Who accepted it is in registry_collaborators and the audit log. */
export const courseInvitationLinks = sqliteTable(
  'course_invitation_links',
  {
    id: text('id').primaryKey(),
    packageId: text('package_id')
      .notNull()
      .references(() => registryPackages.id),
    /** Hex sha256 of the secret in the link: a copy of the database opens no course. */
    secretHash: text('secret_hash').notNull(),
    createdBy: text('created_by')
      .notNull()
      .references(() => user.id),
    /** How many accounts may accept it. */
    seats: integer('seats').notNull(),
    /** How many have. Accepting a link that is no longer open puts NULL here, which ends the batch. */
    used: integer('used').notNull().default(0),
    expiresAt: integer('expires_at', { mode: 'timestamp' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('course_invitation_links_secret_idx').on(table.secretHash),
    index('course_invitation_links_package_idx').on(table.packageId),
    index('course_invitation_links_creator_idx').on(table.createdBy),
    check('course_invitation_links_seats', sql`${table.used} <= ${table.seats}`),
  ],
);
