// Owns how `progy unyank` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('unyank')
    .summary('undo a yank')
    .description(
      'Makes a yanked version visible again. latest moves back to it if it is the highest; other dist-tags do not.',
    )
    .argument('<spec>', '@scope/slug@version')
    .option('--registry <url>', 'registry that has the course')
    .addHelpText('after', '\nExample:\n  progy unyank @diego/rust-mastery@1.0.0');

export const names = ['spec'] as const;

export type UnyankOptions = OptionsOf<typeof usage, typeof names>;
