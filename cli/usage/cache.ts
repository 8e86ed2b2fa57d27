// Owns how `progy cache` and its commands are called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

const names = [] as const;

export const ls = {
  usage: (cache: Command) =>
    cache
      .command('ls')
      .summary('list the courses in the cache')
      .description('Lists the courses that start without a download, the last used first.'),
  names,
};

export const verify = {
  usage: (cache: Command) =>
    cache
      .command('verify')
      .summary('check the cache, and remove what is damaged')
      .description(
        'Checks every file in the cache against its hash. What is damaged or of no use is removed; the next use downloads it again.',
      ),
  names,
};

export const prune = {
  usage: (cache: Command) =>
    cache
      .command('prune')
      .summary('make the cache smaller')
      .description(
        'Removes the courses that were used least recently until the cache is small enough. What is in use stays.',
      )
      .option('--to <size>', 'size to get down to, such as 200MB (default: the limit)')
      .addHelpText(
        'after',
        '\nThis happens by itself after each download. The limit is 1 GB, or PROGY_CACHE_SIZE, or @progy:cache-size in .npmrc.',
      ),
  names,
};

export const clean = {
  usage: (cache: Command) =>
    cache
      .command('clean')
      .summary('empty the cache')
      .description(
        'Removes everything from the cache that is not in use. Courses that you have started stay as they are.',
      ),
  names,
};

export type PruneOptions = OptionsOf<typeof prune.usage, typeof names>;
