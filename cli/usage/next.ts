// Owns how `progy next` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('next')
    .summary('show the next exercise')
    .description('Shows the first exercise that is not done: what it asks for and which files to edit.')
    .addHelpText('after', '\nExamples:\n  progy next\n  progy next --json');

export const names = [] as const;

export type NextOptions = OptionsOf<typeof usage, typeof names>;
