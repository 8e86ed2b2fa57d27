// Owns how `progy open` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('open')
    .summary('open an exercise in your editor')
    .description(
      'Opens the file to edit of an exercise: with VISUAL or EDITOR, with Visual Studio Code if it is installed, or else its folder with what opens folders here.',
    )
    .argument('[exercise]', 'number, folder, id or a part of the title (default: the one you are in, or the next)')
    .addHelpText('after', '\nExamples:\n  progy open\n  progy open 1.2\n  EDITOR="code --wait" progy open');

export const names = ['exercise'] as const;

export type OpenOptions = OptionsOf<typeof usage, typeof names>;
