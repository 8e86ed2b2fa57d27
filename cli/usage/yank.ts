// Owns how `progy yank` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('yank')
    .summary('hide a version that nobody should start with')
    .description(
      'Hides a version from latest, ranges and search. Lockfiles and its exact version still install it, with the reason as a warning.',
    )
    .argument('<spec>', '@scope/slug@version')
    .option('--reason <text>', 'shown to everybody who still installs it')
    .option('--registry <url>', 'registry that has the course')
    .addHelpText('after', '\nExample:\n  progy yank @diego/rust-mastery@1.0.0 --reason "Exercise 3 deletes files"');

export const names = ['spec'] as const;

export type YankOptions = OptionsOf<typeof usage, typeof names>;
