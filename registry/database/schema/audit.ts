// Owns the table of the audit log.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who changed what, when and with which token. Triggers prevent rows from being changed or deleted (migration 0004). */
export const registryAuditLog = sqliteTable(
  'registry_audit_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at', { mode: 'timestamp' }).notNull(),
    /** Who did it; null for the registry itself. */
    userId: text('user_id'),
    /** Their username at that time. */
    username: text('username'),
    /** Key of the token; null for a browser session. */
    tokenId: text('token_id'),
    /** Such as `publish` or `dist-tag add`. */
    action: text('action').notNull(),
    /** `@scope/slug`, `@scope`, or the username of an account. */
    subject: text('subject').notNull(),
    version: text('version'),
    /** The value before, as JSON; null for what did not exist. */
    before: text('before', { mode: 'json' }),
    after: text('after', { mode: 'json' }),
  },
  (table) => [index('registry_audit_log_subject_idx').on(table.subject, table.id)],
);
