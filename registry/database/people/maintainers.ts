// Owns the maintainers of a course, as SQL: the holder of its scope, and those added with `npm owner add`.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type NameInSql, packageIdOf } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import { member, registryCollaborators, registryScopes, user } from '../schema/tables.ts';

/** Addresses in documents are public, so accounts never show their real one. */
export const NO_REPLY = '@users.progy.invalid';

/** The course whose maintainers are wanted: values, or columns of the outer query. */
interface Subject {
  /** Without the `@`. */
  scope: SQLWrapper | string;
  packageId: SQLWrapper;
}

/** SQL for rows of `id` and `added`: 0 for the holder of the scope, 1 for those added to the course. */
function maintainerIds({ scope, packageId }: Subject): SQL {
  return sql`
    SELECT ${registryScopes.userId} AS id, 0 AS added FROM ${registryScopes} WHERE ${registryScopes.name} = ${scope}
    UNION ALL
    SELECT ${member.userId}, 0 FROM ${registryScopes}
      JOIN ${member} ON ${member.organizationId} = ${registryScopes.organizationId} AND ${member.role} = 'owner'
      WHERE ${registryScopes.name} = ${scope}
    UNION ALL
    SELECT ${registryCollaborators.userId}, 1 FROM ${registryCollaborators}
      WHERE ${registryCollaborators.packageId} = ${packageId} AND ${registryCollaborators.permission} = 'write'`;
}

/** SQL for rows of `id`, `name` and `added`, one for each maintainer, in the order of documents. */
function maintainerRows(subject: Subject): SQL {
  return sql`SELECT maintainer.id, maintainer.username AS name, min(held.added) AS added
    FROM (${maintainerIds(subject)}) AS held JOIN ${user} AS maintainer ON maintainer.id = held.id
    GROUP BY maintainer.id ORDER BY added, name`;
}

/** SQL for a JSON list of npm's `{name, email}`. First the holder of the scope, or the owners of the organization. */
export function maintainersJson(subject: Subject): SQL<string> {
  const maintainer = sql`json_object('name', name, 'email', name || ${NO_REPLY})`;
  return sql<string>`(SELECT json_group_array(${maintainer}) FROM (${maintainerRows(subject)}))`;
}

/** The maintainers of a course, for a query about that course alone. */
export function maintainersOf(name: NameInSql): SQL<string> {
  return maintainersJson({ scope: name.scope, packageId: packageIdOf(name) });
}

/** Somebody who maintains a course. */
export interface MaintainerRow {
  id: string;
  name: string;
  /** Or owns the organization that holds it. False for those who were added to the course. */
  holdsScope: boolean;
}

/** All who maintain a course, in the order of documents. */
export async function findMaintainers(db: Database, name: PackageName): Promise<MaintainerRow[]> {
  const rows: { id: string; name: string; added: 0 | 1 }[] = await db.all(
    maintainerRows({ scope: name.scope, packageId: packageIdOf(name) }),
  );
  return rows.map(({ added, ...maintainer }) => ({ ...maintainer, holdsScope: added === 0 }));
}
