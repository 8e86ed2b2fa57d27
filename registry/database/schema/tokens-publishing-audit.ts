// Owns the tables of what people and programs do here: tokens, publishes under way, and the audit log.
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';
import { createdAt } from './created-at.ts';

/** Tokens of npm and progy clients. Only the hash is kept. */
export const registryTokens = sqliteTable(
  'registry_tokens',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    name: text('name').notNull(),
    /** Hex sha256 of the token. */
    tokenHash: text('token_hash').notNull(),
    /** Its first characters, by which a person knows it again. */
    shown: text('shown').notNull().default('progy_'),
    readonly: integer('readonly', { mode: 'boolean' }).notNull().default(false),
    /** IPv4 blocks that it may be used from, `10.0.0.0/8`; null: from anywhere. */
    cidrs: text('cidrs', { mode: 'json' }).$type<readonly string[]>(),
    /** What it reaches, `@scope` or `@scope/slug`; null: all that the account does. */
    courses: text('courses', { mode: 'json' }).$type<readonly string[]>(),
    createdAt: createdAt(),
    lastUsedAt: integer('last_used_at', { mode: 'timestamp' }),
    expiresAt: integer('expires_at', { mode: 'timestamp' }),
  },
  (table) => [
    uniqueIndex('registry_tokens_hash_idx').on(table.tokenHash),
    index('registry_tokens_user_id_idx').on(table.userId),
  ],
);

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

/** Versions an account published in one hour. The CHECK aborts the batch of the publish that goes over. */
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

/** Who changed what, when and with which token. Triggers keep rows from changing and from going away (migration 0004). */
export const registryAuditLog = sqliteTable(
  'registry_audit_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at', { mode: 'timestamp' }).notNull(),
    /** Who did it; null for the registry itself. */
    userId: text('user_id'),
    /** Their username then. */
    username: text('username'),
    /** Key of the token; null where a session in a browser did it. */
    tokenId: text('token_id'),
    /** Such as `publish` or `dist-tag add`. */
    action: text('action').notNull(),
    /** `@scope/slug`, `@scope`, or the username of an account. */
    subject: text('subject').notNull(),
    version: text('version'),
    /** What it was before, as JSON; null for what was not. */
    before: text('before', { mode: 'json' }),
    after: text('after', { mode: 'json' }),
  },
  (table) => [index('registry_audit_log_subject_idx').on(table.subject, table.id)],
);
