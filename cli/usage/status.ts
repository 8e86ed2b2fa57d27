// Owns how `progy status` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('status')
    .summary('what you have changed in your course, and whether there is a new version')
    .description(
      'Compares your folder with the course as it was published, and looks for a new version if the registry can be reached.',
    )
    .option('--registry <url>', 'registry to ask (default: the one the course came from)')
    .addHelpText('after', '\nExamples:\n  progy status\n  progy status --json');

export const names = [] as const;

export type StatusOptions = OptionsOf<typeof usage, typeof names>;
