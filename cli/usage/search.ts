// Owns how `progy search` is called.
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

const DEFAULT_SIZE = 10;
/** Courses that one search may show. */
export const MAX_SIZE = 250;

export const usage = (program: Command) =>
  program
    .command('search')
    .summary('find a course')
    .description(
      'Finds courses by words in their names, descriptions, keywords and READMEs, best first. scope:diego, author:marta and keywords:sql,sqlite narrow the search; on their own, they list every match.',
    )
    .argument('<words...>', 'what to look for')
    .option('--size <n>', `courses to show, at most ${MAX_SIZE}`, toSize, DEFAULT_SIZE)
    .option('--offline', 'refuse, because only the registry can search')
    .option('--registry <url>', 'registry to search')
    .addHelpText(
      'after',
      '\nExamples:\n  progy search rust ownership\n  progy search scope:diego\n  progy search keywords:sql mystery --json',
    );

export const names = ['words'] as const;

export type SearchOptions = OptionsOf<typeof usage, typeof names>;

function toSize(text: string): number {
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= MAX_SIZE) return size;
  throw new InvalidArgumentError(`Use a whole number from 1 to ${MAX_SIZE}.`);
}
