// Owns how `progy pack` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('pack')
    .summary('pack a course folder into a .progy file')
    .description(
      'Checks course.json and packs the course into a .progy file. The same folder always gives the same bytes.',
    )
    .argument('[dir]', 'the course folder', '.')
    .option('-o, --output <file>', 'file or folder to write to (default: slug-version.progy here)')
    .option('-l, --list', 'list the packed files')
    .addHelpText('after', '\nExamples:\n  progy pack\n  progy pack ./rust-mastery --list\n  progy pack -o build/');

export const names = ['dir'] as const;

export type PackOptions = Partial<OptionsOf<typeof usage, typeof names>>;
