// Owns how `progy reset` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('reset')
    .summary('begin an exercise again')
    .description(
      'Puts the files of an exercise, or at a path, back as they were published. What you had is kept, and the way to get it back is shown. Files of your own stay.',
    )
    .argument('<path>', 'file, folder or exercise')
    .option('--yes', 'do not ask')
    .option('--registry <url>', 'registry to get the course from (default: the one it came from)')
    .addHelpText(
      'after',
      '\nExamples:\n  progy reset 02_borrowing\n  progy reset content/01_ownership/README.md --yes',
    );

export const names = ['path'] as const;

export type ResetOptions = OptionsOf<typeof usage, typeof names>;
