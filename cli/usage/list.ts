// Owns how `progy list` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('list')
    .summary('list the exercises and what is done')
    .description('Lists the modules and exercises of the course that you are in, done or not, and marks the next one.')
    .addHelpText('after', '\nExamples:\n  progy list\n  progy list --json');

export const names = [] as const;

export type ListOptions = OptionsOf<typeof usage, typeof names>;
