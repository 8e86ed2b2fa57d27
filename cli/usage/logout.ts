// Owns how `progy logout` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('logout')
    .summary('sign out')
    .description('Revokes your token at the registry and removes it from your .npmrc.')
    .option('--registry <url>', 'registry to sign out of');

export const names = [] as const;

export type LogoutOptions = OptionsOf<typeof usage, typeof names>;
