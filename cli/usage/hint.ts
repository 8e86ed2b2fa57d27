// Owns how `progy hint` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('hint')
    .summary('show a hint, one more each time')
    .description('Shows the next hint for an exercise, if its author wrote some. Shows the last one again at the end.')
    .argument('[exercise]', 'number, folder, id or a part of the title (default: the one you are in, or the next)')
    .addHelpText('after', '\nExamples:\n  progy hint\n  progy hint 1.2');

export const names = ['exercise'] as const;

export type HintOptions = OptionsOf<typeof usage, typeof names>;
