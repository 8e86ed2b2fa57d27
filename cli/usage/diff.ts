// Owns how `progy diff` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('diff')
    .summary('compare your work with the course as it was published')
    .description('Shows what you have changed, line by line, as a unified diff.')
    .argument('[path]', 'file, folder or exercise (default: everything)')
    .option('--registry <url>', 'registry to get the course from (default: the one it came from)')
    .addHelpText('after', '\nExamples:\n  progy diff\n  progy diff content/01_ownership');

export const names = ['path'] as const;

export type DiffOptions = OptionsOf<typeof usage, typeof names>;
