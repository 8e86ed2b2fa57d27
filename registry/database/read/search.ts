// Owns asking the full-text indexes of D1 for courses, best first.
import { type SQL, sql } from 'drizzle-orm';
import { inScope, scopeOfPackage } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import { maintainersJson } from '../people/maintainers.ts';
import {
  registryListedCourses as listed,
  registryPackages as packages,
  user,
  registryVersions as versions,
} from '../schema/tables.ts';
import { downloadWeight, recentDownloads, startOfDay } from './downloads.ts';
import { anyWord, matchExpression, type SearchQuery, type WordMode } from './search-match.ts';

const DAY_S = 86_400;

/** Which part of a result list. */
export interface Window {
  size: number;
  from: number;
}

/** A search at a time: how old a course is counts, and how often it was downloaded of late. */
export interface Search {
  query: SearchQuery;
  window: Window;
  now: Date;
}

const foundColumns = {
  name: sql<string>`name`,
  version: sql<string>`version`,
  description: sql<string | null>`description`,
  /** JSON of the fields of the manifest that lists show. */
  details: sql<string>`details`,
  /** Seconds since 1970. */
  publishedAt: sql<number>`published_at`,
  publisher: sql<string>`publisher`,
  /** JSON list of npm's `{name, email}`. */
  maintainers: sql<string>`maintainers`,
  weekly: sql<number>`weekly`,
  monthly: sql<number>`monthly`,
  text: sql<number>`text`,
  popularity: sql<number>`popularity`,
  freshness: sql<number>`freshness`,
  score: sql<number>`score`,
};

/** A course that was found. */
export type FoundCourse = Awaited<ReturnType<ReturnType<typeof searchQueries>['page']['all']>>[number];

/** One page of what matches, and how many match in all. */
export async function findCourses(
  db: Database,
  search: Search,
  mode: WordMode,
): Promise<{ total: number; courses: FoundCourse[] }> {
  const match = matchExpression(search.query, mode);
  if (match === undefined) return { total: 0, courses: [] };
  const { count, page } = searchQueries(db, search, match);
  const [counted, courses] = await db.batch([count, page]);
  return { total: counted[0]?.total ?? 0, courses };
}

/** The two queries of a search, for {@link findCourses} and for those who want to know how SQLite goes about them. */
export function searchQueries(db: Database, search: Search, match: string) {
  const page = pageSql(rankedSql(search, match), search.now);
  return {
    count: db
      .select({ total: sql<number>`total` })
      .from(sql`(SELECT count(*) AS total ${matchingSql(search.query, match)})`),
    page: db.select(foundColumns).from(sql`(${page})`),
  };
}

/** The index knows the words of a scope, not where it ends: the name does. */
function matchingSql({ scope }: SearchQuery, match: string): SQL {
  return sql`FROM registry_search JOIN ${listed} ON ${listed.id} = registry_search.rowid
    WHERE registry_search MATCH ${match} ${scope === undefined ? sql`` : sql`AND ${inScope(listed.name, scope)}`}`;
}

/**
 * Ranks by how well the words fit, times how popular the course is, times how fresh. The first counts where a word
 * stands, so that a README full of it is not better than a name; the second grows by a twentieth with each doubling of
 * the downloads; the third takes a tenth at most from what is old.
 */
function rankedSql({ query, window, now }: Search, match: string): SQL {
  const { size, from } = window;
  const named = sql`iif(${query.asName} IN (${packages.name}, ${packages.slug}), 3, 1)`;
  const kept = sql`iif(coalesce(${versions.deprecated}, '') = '', 1, 0.25)`;
  const popularity = sql`1 + log2(1 + ${packages.decayedDownloads} / ${downloadWeight(startOfDay(now))}) / 20`;
  const age = sql`max(0, ${seconds(now)} - ${versions.createdAt}) / ${DAY_S}`;
  return sql`WITH ${textSql(query, match)},
    weighed AS (
      SELECT matching.id, ${packages.name} AS name, text * ${named} * ${kept} AS text,
        ${popularity} AS popularity, 0.9 + 0.1 * 365 / (365.0 + ${age}) AS freshness
      FROM matching JOIN ${packages} ON ${packages.id} = matching.id JOIN ${versions} ON ${isLatest}
    ),
    ranked AS MATERIALIZED (
      SELECT id, text, popularity, freshness, text * popularity * freshness AS score FROM weighed
      ORDER BY score DESC, name LIMIT ${size} OFFSET ${from}
    )`;
}

/** What matches, with how well the words fit; 1 for all where only qualifiers were given. */
function textSql(query: SearchQuery, match: string): SQL {
  const anywhere = anyWord(query);
  if (anywhere === undefined)
    return sql`matching AS (SELECT ${listed.packageId} AS id, 1 AS text ${matchingSql(query, match)})`;
  return sql`
    heads AS MATERIALIZED (
      SELECT rowid AS id, -(4 * ${bm25('_heads', 3, 3, 0, 0, 0)} + 2 * ${bm25('_heads', 0, 0, 3, 0, 0)}
        + 2 * ${bm25('_heads', 0, 0, 0, 3, 0)} + ${bm25('_heads', 0, 0, 0, 0, 3)}) AS text
      FROM registry_search_heads WHERE registry_search_heads MATCH ${anywhere}
    ),
    found AS MATERIALIZED (
      SELECT ${listed.id} AS id, ${listed.packageId} AS package_id, -${bm25('', 0, 0, 0, 0, 0, 1)} / 4 AS text ${matchingSql(query, match)}
    ),
    matching AS (
      SELECT found.package_id AS id, found.text + coalesce(heads.text, 0) AS text FROM found LEFT JOIN heads ON heads.id = found.id
    )`;
}

function bm25(index: '' | '_heads', ...weights: readonly number[]): SQL {
  return sql.raw(`bm25(registry_search${index}, ${weights.join(', ')})`);
}

/** What is shown of the courses of one page. */
function pageSql(ranked: SQL, now: Date): SQL {
  return sql`${ranked} SELECT ${packages.name} AS name, ${versions.version} AS version, ${packages.description} AS description,
      ${detailsSql()} AS details, ${versions.createdAt} AS published_at, ${user.username} AS publisher,
      ${maintainersJson({ scope: scopeOfPackage, packageId: packages.id })} AS maintainers, ${recentDownloads(packages.id, 7, now)} AS weekly,
      ${recentDownloads(packages.id, 30, now)} AS monthly,
      text, popularity, freshness, score
    FROM ranked JOIN ${packages} ON ${packages.id} = ranked.id JOIN ${versions} ON ${isLatest}
    JOIN ${user} ON ${user.id} = ${versions.publisherId} ORDER BY score DESC, ${packages.name}`;
}

const isLatest = sql`${versions.packageId} = ${packages.id} AND ${versions.version} = ${packages.latestVersion}`;

function detailsSql(): SQL {
  const fields = ['keywords', 'license', 'author', 'repository', 'progy'].map(
    (field) => sql`${sql.raw(`'${field}'`)}, json_extract(${versions.manifest}, ${sql.raw(`'$.${field}'`)})`,
  );
  return sql`json_object(${sql.join(fields, sql`, `)})`;
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}
