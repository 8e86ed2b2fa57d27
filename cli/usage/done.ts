// Owns how `progy done` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('done')
    .summary('mark an exercise as done')
    .description('Marks an exercise as done by hand: for exercises without tests.')
    .argument('[exercise]', 'number, folder, id or a part of the title (default: the one you are in, or the next)')
    .option('--undo', 'mark it as not done')
    .addHelpText('after', '\nExamples:\n  progy done\n  progy done 2.1\n  progy done 2.1 --undo');

export const names = ['exercise'] as const;

export type DoneOptions = OptionsOf<typeof usage, typeof names>;
