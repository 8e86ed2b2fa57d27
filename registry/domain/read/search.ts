// Owns finding courses: from a query to the results that npm's search prints.
import type { CourseManifest } from '@progy/protocol/course/course.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { Maintainer } from '@progy/protocol/wire/packument.ts';
import type { SearchAnswer, SearchObject } from '@progy/protocol/wire/search-answer.ts';
import type { RegistryContext } from '../../context.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';
import { type FoundCourse, findCourses, type Window } from '../../database/read/search.ts';
import type { SearchQuery } from '../../database/read/search-match.ts';
import { isEmptyQuery } from './search-query.ts';

export type { SearchQuery, Window };

/**
 * The public courses that fit a query, best first. All words must match; if no course has them all, any may.
 * Private courses are never found: the list is the same for everybody, and may be cached. If very many courses match,
 * only the most installed are ranked.
 */
export async function searchCourses(
  { db, now }: RegistryContext,
  query: SearchQuery,
  window: Window,
): Promise<SearchAnswer> {
  const search = { query, window, now: now() };
  const time = search.now.toUTCString();
  if (isEmptyQuery(query)) return { objects: [], total: 0, totalIsComplete: true, time };
  const exact = await findCourses(db, search, 'all');
  const found = exact.total === 0 && query.words.length > 1 ? await findCourses(db, search, 'any') : exact;
  return { objects: found.courses.map(toObject), total: found.total, totalIsComplete: found.isComplete, time };
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
      license,
      author,
      links: { repository: repository?.url },
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
