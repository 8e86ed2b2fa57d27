// Owns who maintains a course, as SQL: whoever holds its scope, and those added to it with `npm owner add`.
import type { PackageName } from '@progy/protocol/package-name.ts';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { packageIdOf } from './catalogue.ts';
import type { Database } from './database.ts';
import { member, registryCollaborators, registryScopes, user } from './schema.ts';

/** Addresses in documents are public, so accounts never show their real one. */
export const NO_REPLY = '@users.progy.invalid';

/** The course whose maintainers are asked for: values, or columns of the query around. */
interface Subject {
  /** Without the `@`. */
  scope: SQLWrapper | string;
  packageId: SQLWrapper;
}

/** SQL for a JSON list of npm's `{name, email}`. First the holder of the scope, or the owners of the organization. */
export function maintainersJson({ scope, packageId }: Subject): SQL<string> {
  const ids = sql`
    SELECT ${registryScopes.userId} AS id, 0 AS place FROM ${registryScopes} WHERE ${registryScopes.name} = ${scope}
    UNION ALL
    SELECT ${member.userId}, 0 FROM ${registryScopes}
      JOIN ${member} ON ${member.organizationId} = ${registryScopes.organizationId} AND ${member.role} = 'owner'
      WHERE ${registryScopes.name} = ${scope}
    UNION ALL
    SELECT ${registryCollaborators.userId}, 1 FROM ${registryCollaborators}
      WHERE ${registryCollaborators.packageId} = ${packageId} AND ${registryCollaborators.permission} = 'write'`;
  return sql<string>`(SELECT json_group_array(json_object('name', name, 'email', name || ${NO_REPLY})) FROM (
    SELECT maintainer.username AS name FROM (${ids}) AS held JOIN ${user} AS maintainer ON maintainer.id = held.id
    GROUP BY maintainer.id ORDER BY min(held.place), maintainer.username))`;
}

/** The maintainers of a course, for a query that is about that course alone. */
export function maintainersOf(name: PackageName): SQL<string> {
  return maintainersJson({ scope: name.scope, packageId: packageIdOf(name) });
}

/** Usernames of all who maintain a course, in the order of documents. */
export async function findMaintainers(db: Database, name: PackageName): Promise<string[]> {
  const row = await db.get<{ maintainers: string }>(sql`SELECT ${maintainersOf(name)} AS maintainers`);
  return (JSON.parse(row.maintainers) as { name: string }[]).map(({ name: username }) => username);
}
