// Owns finding courses: from a query to what npm's search prints.
import type { CourseManifest } from '@progy/protocol/course/course.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { Maintainer } from '@progy/protocol/wire/packument.ts';
import type { RegistryContext } from '../../context.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';
import { type FoundCourse, findCourses, type Window } from '../../database/read/search.ts';
import type { SearchQuery } from '../../database/read/search-match.ts';
import { isEmptyQuery } from './search-query.ts';

export type { SearchQuery, Window };

/** A person as search lists them. npm crashes without `maintainers` and `publisher` (npm/cli #7447). */
interface Person {
  username: string;
  email: string;
}

/** One course in the shape of npm's search. */
export interface SearchObject {
  package: {
    name: string;
    scope: string;
    version: string;
    description: string;
    keywords: string[];
    /** When the version was published, ISO 8601. */
    date: string;
    license?: string;
    author?: CourseManifest['author'];
    links: { repository?: string };
    publisher: Person;
    maintainers: Person[];
    progy: CourseManifest['progy'];
  };
  score: { final: number; detail: { quality: number; popularity: number; maintenance: number } };
  searchScore: number;
  downloads: { weekly: number; monthly: number };
  updated: string;
  flags: { insecure: 0 };
}

export interface SearchResult {
  objects: SearchObject[];
  /** Of all pages. */
  total: number;
  time: string;
}

/**
 * The public courses that fit a query, best first. All words must be found; where no course has them all, any may be.
 * What only some may see is found by nobody: the list is one for all, and may be cached.
 */
export async function searchCourses(
  { db, now }: RegistryContext,
  query: SearchQuery,
  window: Window,
): Promise<SearchResult> {
  const search = { query, window, now: now() };
  const time = search.now.toUTCString();
  if (isEmptyQuery(query)) return { objects: [], total: 0, time };
  const exact = await findCourses(db, search, 'all');
  const found = exact.total === 0 && query.words.length > 1 ? await findCourses(db, search, 'any') : exact;
  return { objects: found.courses.map(toObject), total: found.total, time };
}

type Details = Partial<Pick<CourseManifest, 'keywords' | 'license' | 'author' | 'repository'>> &
  Pick<CourseManifest, 'progy'>;

function toObject(course: FoundCourse): SearchObject {
  const { keywords, license, author, repository, progy } = withoutNulls(JSON.parse(course.details)) as Details;
  const date = new Date(course.publishedAt * 1_000).toISOString();
  const maintainers: Maintainer[] = JSON.parse(course.maintainers);
  return {
    package: {
      name: course.name,
      scope: parsePackageName(course.name).scope,
      version: course.version,
      description: course.description ?? '',
      keywords: keywords ?? [],
      date,
      ...(license === undefined ? {} : { license }),
      ...(author === undefined ? {} : { author }),
      links: repository === undefined ? {} : { repository: repository.url },
      publisher: { username: course.publisher, email: course.publisher + NO_REPLY },
      maintainers: maintainers.map(({ name, email }) => ({ username: name, email })),
      progy,
    },
    score: {
      final: course.score,
      detail: { quality: course.text, popularity: course.popularity, maintenance: course.freshness },
    },
    searchScore: course.score,
    downloads: { weekly: course.weekly, monthly: course.monthly },
    updated: date,
    flags: { insecure: 0 },
  };
}

function withoutNulls(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
