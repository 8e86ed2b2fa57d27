// Owns `progy search`: finding courses by words, best match first.

import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { type FoundCourse, foundCoursesSchema } from '@progy/protocol/wire/search-answer.ts';
import { SEARCH_PATH } from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseRegistry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { count, formatAge, shellWord } from '../terminal/format.ts';
import { textWidth, wrap } from '../terminal/wrap.ts';
import { MAX_SIZE, type SearchOptions } from '../usage/search.ts';

const INDENT = '  ';

export interface SearchResult {
  readonly text: string;
  readonly total: number;
  /** False: more courses match than can be shown. */
  readonly totalIsComplete: boolean;
  readonly courses: readonly FoundCourse[];
  readonly registry: string;
  /** ` --registry URL`, or nothing. */
  readonly flag: string;
  readonly columns: number;
  readonly now: Date;
}

export async function run(options: SearchOptions, context: Context): Promise<SearchResult> {
  const { words, size, registry: option } = options;
  if (options.offline) throw new CliError('OFFLINE', 'Only the registry can search', 'Run it without --offline.');
  const registry = await chooseRegistry(context, option);
  const text = words.join(' ');
  const path = `${SEARCH_PATH}?${new URLSearchParams({ text, size: String(size) })}`;
  const asking = createRegistryClient(registry, context.signal).read(path, foundCoursesSchema);
  const answer = await context.talk.during('Searching', () => asking);
  const { columns } = context;
  return { text, ...answer, registry: registry.label, flag: registryFlag(registry), columns, now: new Date() };
}

export const views: Views<SearchResult> = {
  human: (result) => (result.courses.length === 0 ? showNothing(result) : showCourses(result)),
  json: ({ text, total, totalIsComplete, courses, registry }) => ({ text, total, totalIsComplete, courses, registry }),
};

function showNothing({ text, flag }: SearchResult): string {
  return [
    `No courses found for: ${escapeControls(text)}`,
    '',
    'Try fewer or different words. Search looks in names, descriptions, keywords and READMEs.',
    'scope:diego lists the courses of @diego, keywords:sql those about SQL.',
    `Next: progy search keywords:beginners${flag}`,
  ].join('\n');
}

function showCourses(result: SearchResult): string {
  const { courses, total, flag } = result;
  const first = courses[0]?.name ?? '';
  return [
    ...courses.map((course) => `${showCourse(course, result)}\n`),
    ...(total > courses.length ? [showMore(result)] : []),
    `Next: progy info ${shellWord(escapeControls(first))}${flag}`,
  ].join('\n');
}

function showCourse(course: FoundCourse, { columns, now }: SearchResult): string {
  const { name, version, title, description, keywords } = course;
  const width = textWidth(columns, INDENT.length);
  const lines = [
    ...wrap(escapeControls(description), width),
    ...wrap(escapeControls(keywords.join(', ')), width),
    ...wrap(showFacts(course, now), width),
  ];
  const heading = escapeControls(`${name} ${version}${title === null ? '' : `  ${title}`}`);
  return [heading, ...lines.map((line) => INDENT + line)].join('\n');
}

function showFacts({ author, publisher, publishedAt, monthlyDownloads }: FoundCourse, now: Date): string {
  const by = author ?? publisher;
  const facts = [
    ...(by === null ? [] : [`by ${by}`]),
    ...(publishedAt === null ? [] : [formatAge(new Date(publishedAt), now)]),
    ...(monthlyDownloads === null ? [] : [`${count(monthlyDownloads, 'download')} in 30 days`]),
  ];
  return escapeControls(facts.join(' · '));
}

function showMore({ text, courses, total, totalIsComplete, flag }: SearchResult): string {
  const words = text.split(' ').map((word) => shellWord(escapeControls(word)));
  const size = Math.min(MAX_SIZE, Math.max(courses.length * 4, 20));
  const all = `${totalIsComplete ? '' : 'more than '}${count(total, 'course')}`;
  return `${courses.length} of ${all}. More: progy search ${words.join(' ')} --size ${size}${flag}`;
}
