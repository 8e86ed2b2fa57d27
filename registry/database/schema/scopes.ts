// Owns the table of scopes, and what makes two names look alike.
import { type SQL, sql } from 'drizzle-orm';
import { check, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { organization, user } from './accounts.ts';

/** At a glance, separators are easy to miss and some characters look like others. */
const CONFUSABLE = [
  ['-', ''],
  ['_', ''],
  ['.', ''],
  ['0', 'o'],
  ['1', 'l'],
  ['i', 'l'],
  ['rn', 'm'],
] as const;

/** What a name looks like at a glance, as SQL. */
function skeletonSql(name: string): string {
  return CONFUSABLE.reduce((text, [seen, taken]) => `replace(${text}, '${seen}', '${taken}')`, name);
}

/** What a name looks like at a glance, as the column stores it. */
export function skeletonIn(name: string): string {
  return CONFUSABLE.reduce((text, [seen, taken]) => text.replaceAll(seen, taken), name);
}

const [BEFORE_NAME = '', AFTER_NAME = ''] = skeletonSql('?').split('?');

/** SQL for the skeleton of a name that is not a column. */
export function skeletonOf(name: string): SQL<string> {
  return sql<string>`${sql.raw(BEFORE_NAME)}${name}${sql.raw(AFTER_NAME)}`;
}

/**
 * The one namespace of users and organizations. Triggers on both tables fill it (migration 0004), so that the
 * constraints here decide who was first; they also keep names from changing.
 */
export const registryScopes = sqliteTable(
  'registry_scopes',
  {
    /** Without the `@`. */
    name: text('name').primaryKey(),
    userId: text('user_id').references(() => user.id, { onDelete: 'restrict' }),
    organizationId: text('organization_id').references(() => organization.id, { onDelete: 'restrict' }),
    /** What the name looks like at a glance: two that look alike cannot both exist. */
    skeleton: text('skeleton').generatedAlwaysAs(sql.raw(skeletonSql('name')), { mode: 'virtual' }),
  },
  (table) => [
    uniqueIndex('registry_scopes_skeleton_idx').on(table.skeleton),
    uniqueIndex('registry_scopes_user_idx').on(table.userId),
    uniqueIndex('registry_scopes_organization_idx').on(table.organizationId),
    check('registry_scopes_one_holder', sql`(${table.userId} IS NULL) <> (${table.organizationId} IS NULL)`),
  ],
);
