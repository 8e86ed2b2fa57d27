// Owns asking the full-text indexes of D1 for courses, best first.
import { type SQL, sql } from 'drizzle-orm';
import { scopeOfPackage } from '../courses-by-name.ts';
import { type Database, preparedOnce } from '../database.ts';
import { maintainersJson } from '../people/maintainers.ts';
import {
  registryPackages as packages,
  registrySearchPlaces as places,
  user,
  registryVersions as versions,
} from '../schema/tables.ts';
import { daysAgo, downloadWeight, recentDownloads, startOfDay } from './downloads.ts';
import { candidatesSql } from './search-candidates.ts';
import { type Expressions, expressionsOf, type SearchQuery, type WordMode } from './search-match.ts';

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

/** Of all pages, beside each course; alone where the page is empty. */
const totalColumns = { total: sql<number>`total`, isComplete: sql<0 | 1>`is_complete` };

type FoundRow = Awaited<ReturnType<ReturnType<typeof searchStatement>['all']>>[number];

/** A course that was found. */
export type FoundCourse = Omit<FoundRow, keyof typeof totalColumns>;

/** A page of what was found. */
export interface FoundPage {
  courses: FoundCourse[];
  /** How many were ranked; pages go through these. */
  total: number;
  /** All that match were ranked. Otherwise more do, and each of those is installed less. */
  isComplete: boolean;
}

/** One page of the best of what matches. */
export async function findCourses(db: Database, search: Search, mode: WordMode): Promise<FoundPage> {
  const expressions = expressionsOf(search.query, mode);
  if (expressions === undefined) return { courses: [], total: 0, isComplete: true };
  const { words, noWords } = searchStatements(db);
  const rows = await (expressions.heads ? words : noWords).all(given(search, expressions));
  const { total = 0, isComplete = 1 } = rows[0] ?? {};
  return { courses: rows.filter(({ name }) => name !== null), total, isComplete: isComplete === 1 };
}

/** The statements of searches with words and without. */
export const searchStatements = preparedOnce((db) => ({
  words: searchStatement(db, true),
  noWords: searchStatement(db, false),
}));

function searchStatement(db: Database, hasWords: boolean) {
  const page = pageSql(rankedSql(candidatesSql(GIVEN, hasWords)));
  return db
    .select({ ...foundColumns, ...totalColumns })
    .from(sql`(${page})`)
    .prepare();
}

/** What a search gives its statement. */
function given({ query, window, now }: Search, { anywhere, heads }: Expressions): Record<keyof typeof GIVEN, unknown> {
  return {
    anywhere,
    ...(heads ?? { titles: '', beginnings: '' }),
    name: nameIn(query) ?? '',
    asName: query.asName,
    ...window,
    weight: downloadWeight(startOfDay(now)),
    seconds: Math.floor(now.getTime() / 1_000),
    weekAgo: daysAgo(7, now),
    monthAgo: daysAgo(30, now),
  };
}

const GIVEN = {
  anywhere: sql.placeholder('anywhere'),
  titles: sql.placeholder('titles'),
  beginnings: sql.placeholder('beginnings'),
  name: sql.placeholder('name'),
  asName: sql.placeholder('asName'),
  size: sql.placeholder('size'),
  from: sql.placeholder('from'),
  weight: sql.placeholder('weight'),
  seconds: sql.placeholder('seconds'),
  weekAgo: sql.placeholder('weekAgo'),
  monthAgo: sql.placeholder('monthAgo'),
};

/** The name that a query may be; one that asks for more than words is none. */
function nameIn({ asName, scope, people, keywords }: SearchQuery): string | undefined {
  return scope === undefined && people.length + keywords.length === 0 ? asName : undefined;
}

/**
 * Ranks by how well the words fit, times how popular the course is, times how fresh. The first counts where a word
 * stands, so that a README full of it is not better than a name; the second grows by a twentieth with each doubling of
 * the downloads; the third takes a tenth at most from what is old, in whole days, so that those of one
 * day are equals.
 */
function rankedSql(candidates: SQL): SQL {
  const named = sql`iif(${GIVEN.asName} IN (${places.name}, ${places.slug}), 3, 1)`;
  const kept = sql`iif(${places.isKept}, 1, 0.25)`;
  const popularity = sql`1 + log2(1 + ${places.decayedDownloads} / ${GIVEN.weight}) / 20`;
  const age = sql`floor(max(0, ${GIVEN.seconds} - ${places.publishedAt}) / ${DAY_S})`;
  return sql`WITH ${candidates},
    weighed AS (
      SELECT ${places.packageId} AS id, ${places.name} AS name, (head + readme) * ${named} * ${kept} AS text,
        ${popularity} AS popularity, 0.9 + 0.1 * 365 / (365.0 + ${age}) AS freshness
      FROM candidates JOIN ${places} ON ${places.place} = candidates.place
    ),
    ranked AS MATERIALIZED (
      SELECT id, text, popularity, freshness, text * popularity * freshness AS score FROM weighed
      ORDER BY score DESC, name LIMIT ${GIVEN.size} OFFSET ${GIVEN.from}
    )`;
}

/** What is shown of the courses of one page, and the totals. */
function pageSql(ranked: SQL): SQL {
  return sql`${ranked},
    page AS (
      SELECT ${packages.name} AS name, ${versions.version} AS version, ${packages.description} AS description,
        ${detailsSql()} AS details, ${versions.createdAt} AS published_at, ${user.username} AS publisher,
        ${maintainersJson({ scope: scopeOfPackage, packageId: packages.id })} AS maintainers,
        ${recentDownloads(packages.id, GIVEN.weekAgo)} AS weekly, ${recentDownloads(packages.id, GIVEN.monthAgo)} AS monthly,
        text, popularity, freshness, score
      FROM ranked JOIN ${packages} ON ${packages.id} = ranked.id JOIN ${versions} ON ${isLatest}
      JOIN ${user} ON ${user.id} = ${versions.publisherId}
    )
    SELECT * FROM totals LEFT JOIN page ON true ORDER BY score DESC, name`;
}

const isLatest = sql`${versions.packageId} = ${packages.id} AND ${versions.version} = ${packages.latestVersion}`;

function detailsSql(): SQL {
  const fields = ['keywords', 'license', 'author', 'repository', 'progy'].map(
    (field) => sql`${sql.raw(`'${field}'`)}, json_extract(${versions.manifest}, ${sql.raw(`'$.${field}'`)})`,
  );
  return sql`json_object(${sql.join(fields, sql`, `)})`;
}
