// Owns choosing which courses a search ranks: the most installed of those that match, a bounded number however many do.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { registryPackages as packages, registrySearchPlaces as places } from '../schema/tables.ts';

/** How many each way to match brings. The indexes go through theirs by popularity and stop after these, so a common word costs no more. */
export const CANDIDATES = 300;
/** Courses of one slug, in different scopes. */
const NAMESAKES = 50;

type Index = 'registry_search' | 'registry_search_heads';

/** Columns as the indexes have them: name, title, description, keywords, people, scope, and README in one. */
const HEAD_WEIGHTS = [
  { factor: 4, columns: [3, 3, 0, 0, 0, 0, 0] },
  { factor: 2, columns: [0, 0, 3, 0, 0, 0, 0] },
  { factor: 2, columns: [0, 0, 0, 3, 0, 0, 0] },
  { factor: 1, columns: [0, 0, 0, 0, 3, 0, 0] },
];
const README_WEIGHT = { factor: 0.25, columns: [0, 0, 0, 0, 0, 0, 1] };

/** What is looked for, as placeholders of a prepared statement: expressions of the indexes, and a name. */
export type Sought = Readonly<Record<'anywhere' | 'titles' | 'beginnings' | 'name', SQLWrapper>>;

/**
 * SQL for common table expressions. The last are `candidates`: `place`, and how well the words fit in `head` and `readme`
 * (1 and 0 where there are no words); and `totals`, one row: `total` of the candidates, and `is_complete`, 1 unless more
 * match than these.
 * @param hasWords whether the query has words; otherwise only `anywhere` is looked for.
 */
export function candidatesSql({ anywhere, titles, beginnings, name }: Sought, hasWords: boolean): SQL {
  if (!hasWords)
    return sql`candidates AS MATERIALIZED (${firstOf('registry_search_heads', anywhere, sql`1 AS head, 0 AS readme`)}),
      ${totalsSql('candidates')}`;
  const inHeads = sql`${fit('registry_search_heads', HEAD_WEIGHTS)} AS head, 0 AS readme`;
  const inAll = sql`${fit('registry_search', HEAD_WEIGHTS)} AS head, ${fit('registry_search', [README_WEIGHT])} AS readme`;
  return sql`
    titled AS MATERIALIZED (${firstOf('registry_search_heads', titles, inHeads)}),
    begun AS MATERIALIZED (${firstOf('registry_search_heads', beginnings, inHeads)}),
    anywhere AS MATERIALIZED (${firstOf('registry_search', anywhere, inAll)}),
    named AS MATERIALIZED (SELECT place, (SELECT max(head) FROM titled) AS head, 0 AS readme FROM (${namesakes(name)})),
    candidates AS MATERIALIZED (
      SELECT place, max(head) AS head, max(readme) AS readme FROM (
        SELECT * FROM titled UNION ALL SELECT * FROM begun UNION ALL SELECT * FROM anywhere UNION ALL SELECT * FROM named
      ) GROUP BY place
    ),
    ${totalsSql('begun', 'anywhere')}`;
}

/** @param widest who of the ways to match leave out courses, if any does. */
function totalsSql(...widest: readonly string[]): SQL {
  const isWhole = widest.map((way) => sql.raw(`(SELECT count(*) FROM ${way}) < ${CANDIDATES}`));
  return sql`totals AS MATERIALIZED (SELECT count(*) AS total, ${sql.join(isWhole, sql` AND `)} AS is_complete FROM candidates)`;
}

/** The first that match in the order of places. */
function firstOf(index: Index, match: SQLWrapper, fitness: SQL): SQL {
  const table = sql.raw(index);
  return sql`SELECT rowid AS place, ${fitness} FROM ${table} WHERE ${table} MATCH ${match} ORDER BY rowid LIMIT ${CANDIDATES}`;
}

function namesakes(name: SQLWrapper): SQL {
  return sql`SELECT place FROM (
      SELECT ${places.place} AS place FROM ${places} WHERE ${places.slug} = ${name} ORDER BY ${places.place} LIMIT ${NAMESAKES}
    ) UNION SELECT ${places.place} FROM ${places} WHERE ${places.packageId} = (SELECT ${packages.id} FROM ${packages} WHERE ${packages.name} = ${name})`;
}

function fit(index: Index, weights: readonly { factor: number; columns: readonly number[] }[]): SQL {
  const parts = weights.map(({ factor, columns }) => `${factor} * bm25(${index}, ${columns.join(', ')})`);
  return sql.raw(`-(${parts.join(' + ')})`);
}
