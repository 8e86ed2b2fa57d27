// Owns finding courses by name in SQL: the id of one, its scope, all courses of a scope.
import { type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { registryPackages } from './schema/tables.ts';

/** A text as statements take it. */
export type TextInSql = Placeholder | string;

/** The name of a course as statements take it, such as a PackageName. */
export interface NameInSql {
  /** `@scope/slug`. */
  full: SQLWrapper | string;
  /** Without the `@`. */
  scope: SQLWrapper | string;
}

/** Placeholders for the name given to a prepared statement, as `full` and `scope`. */
export const GIVEN_NAME: NameInSql = { full: sql.placeholder('full'), scope: sql.placeholder('scope') };

/** SQL for the id of a package. */
export function packageIdOf(name: NameInSql): SQL<string> {
  return sql<string>`(SELECT ${registryPackages.id} FROM ${registryPackages} WHERE ${registryPackages.name} = ${name.full})`;
}

/** SQL for the scope of a row of registry_packages, without the `@`. */
export const scopeOfPackage = sql<string>`substr(${registryPackages.name}, 2, instr(${registryPackages.name}, '/') - 2)`;

/** SQL for names of courses in a scope. A range, so that the index on names is used: `0` follows `/` in ASCII. */
export function inScope(name: SQLWrapper, scope: SQLWrapper | string): SQL {
  return sql`${name} > '@' || ${scope} || '/' AND ${name} < '@' || ${scope} || '0'`;
}
