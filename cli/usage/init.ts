// Owns how `progy init` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('init')
    .summary('start a course')
    .description('Gets a course from the registry and makes it a folder and a git repository of your own.')
    .argument('<spec>', '@scope/slug, with @version, @range or @tag if you like')
    .argument('[dir]', 'folder to make (default: the slug)')
    .option('--no-git', 'make no git repository')
    .option('--registry <url>', 'registry to get the course from')
    .addHelpText(
      'after',
      '\nExamples:\n  progy init @diego/rust-mastery\n  progy init @diego/rust-mastery@^1.2 my-rust\n  progy init @diego/rust-mastery@beta --no-git',
    );

export const names = ['spec', 'dir'] as const;

export type InitOptions = OptionsOf<typeof usage, typeof names>;
