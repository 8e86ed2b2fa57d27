// Owns finding the courses whose names are nearest to what somebody typed.
import { tryParsePackageName } from '@progy/protocol/course/package-name.ts';
import { foundCoursesSchema } from '@progy/protocol/wire/search-answer.ts';
import { SEARCH_PATH } from '@progy/protocol/wire/urls.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { Typed } from './typed.ts';

/** A course that may have been meant. */
export interface Suggestion {
  /** `@scope/slug`. */
  readonly name: string;
  readonly title: string;
}

const MOST = 5;
/** Searches at once; a failed command is worth no more. */
const MOST_SEARCHES = 3;
const RESULTS = 20;

/** The courses that were probably meant, the nearest first. None if the registry cannot be asked. */
export async function nearestCourses(client: RegistryClient, typed: Typed): Promise<Suggestion[]> {
  const texts = [...(typed.scope === undefined ? [] : [`scope:${typed.scope}`]), ...typed.words];
  const searches = texts.slice(0, MOST_SEARCHES).map((text) => search(client, text));
  const found = new Map((await Promise.all(searches)).flat().map((course) => [course.name, course]));
  // In the bundle, a CommonJS package has a default export only.
  const { distance } = (await import('fastest-levenshtein')).default;
  const ranked = [...found.values()].map((course) => ({ course, ...nearness(course.name, typed, distance) }));
  const near = ranked.filter(({ isNear }) => isNear).sort((one, other) => one.steps - other.steps);
  return near.slice(0, MOST).map(({ course }) => course);
}

/** @param distance letters to change, add or remove. */
function nearness(name: string, { scope, slug, words }: Typed, distance: (one: string, other: string) => number) {
  const parts = tryParsePackageName(name);
  if (parts === undefined) return { steps: Number.POSITIVE_INFINITY, isNear: false };
  const slugSteps = distance(parts.slug, slug);
  const scopeSteps = scope === undefined ? 0 : distance(parts.scope, scope);
  const isAlike = slugSteps <= Math.max(2, Math.floor(slug.length / 3));
  const sharesWords = words.length > 0 && words.every((word) => parts.slug.includes(word));
  return { steps: slugSteps + scopeSteps, isNear: isAlike || sharesWords };
}

async function search(client: RegistryClient, text: string): Promise<Suggestion[]> {
  const path = `${SEARCH_PATH}?${new URLSearchParams({ text, size: String(RESULTS) })}`;
  const answer = await client.read(path, foundCoursesSchema).catch(() => undefined);
  return (answer?.courses ?? []).map(({ name, title, description }) => ({ name, title: title ?? description }));
}
