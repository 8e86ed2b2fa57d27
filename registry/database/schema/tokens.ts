// Owns the table of tokens and their limits.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
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
    /** Its first characters, so that a person recognizes it. */
    shown: text('shown').notNull().default('progy_'),
    readonly: integer('readonly', { mode: 'boolean' }).notNull().default(false),
    /** IPv4 blocks that it may be used from, such as `10.0.0.0/8`; null: anywhere. */
    cidrs: text('cidrs', { mode: 'json' }).$type<readonly string[]>(),
    /** What it reaches, `@scope` or `@scope/slug`; null: everything that the account may reach. */
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
