// Owns the tables of publishing: running attempts, and the number of versions that an account publishes in an hour.
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { createdAt } from './created-at.ts';

/** Objects that a running publish may leave behind; the sweep deletes those that no version names. */
export const registryPublishAttempts = sqliteTable(
  'registry_publish_attempts',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    /** JSON list of the R2 keys the attempt writes. */
    keys: text('keys').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('registry_publish_attempts_created_idx').on(table.createdAt)],
);

/** Versions that an account published in one hour. The CHECK aborts the batch of a publish over the quota. */
export const registryPublishCounts = sqliteTable(
  'registry_publish_counts',
  {
    userId: text('user_id').notNull(),
    /** Hours since 1970. */
    hour: integer('hour').notNull(),
    count: integer('count').notNull(),
    quota: integer('quota').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.hour] }),
    check('registry_publish_quota', sql`${table.count} <= ${table.quota}`),
  ],
);
