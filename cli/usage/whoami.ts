// Owns how `progy whoami` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('whoami')
    .summary('print your username')
    .description('Prints the username you are signed in as.')
    .option('--registry <url>', 'registry to ask');

export const names = [] as const;

export type WhoamiOptions = OptionsOf<typeof usage, typeof names>;
