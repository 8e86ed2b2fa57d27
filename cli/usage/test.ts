// Owns how `progy test` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('test')
    .summary('run the tests of an exercise')
    .description('Runs the tests of an exercise with the course’s runner, and remembers when they pass.')
    .argument('[exercise]', 'number, folder, id or a part of the title (default: the one you are in, or the next)')
    .option('--watch', 'run them again after each change, and go on to the next exercise when they pass')
    .option('--runner <id>', 'runner to use, if the course has several')
    .option('--timeout <seconds>', 'end them after this time (default: what the course says, or 120)')
    .option('--yes', 'run the course’s program without asking first')
    .addHelpText(
      'after',
      '\nExamples:\n  progy test\n  progy test 1.2\n  progy test --watch\n\nIt ends with 0 if the tests pass, and with 1 if they fail.',
    );

export const names = ['exercise'] as const;

export type TestOptions = OptionsOf<typeof usage, typeof names>;
