// Owns how `progy check` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('check')
    .summary('check that you have what the course needs')
    .description('Runs the checks of the course’s setup, such as whether a compiler is installed.')
    .option('--yes', 'run the course’s checks without asking first')
    .addHelpText(
      'after',
      '\nExamples:\n  progy check\n  progy check --yes --json\n\nIt ends with 1 if something is missing.',
    );

export const names = [] as const;

export type CheckOptions = OptionsOf<typeof usage, typeof names>;
