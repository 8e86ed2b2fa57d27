// Owns how `progy deprecate` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('deprecate')
    .summary('warn those who install a version')
    .description(
      'Shows a message to everybody who installs these versions; they can still be installed. An empty message removes it.',
    )
    .argument('<spec>', '@scope/slug for all versions, or with @version, @range or @tag')
    .argument('<message>', 'why, and what to use instead; "" removes the deprecation')
    .option('--registry <url>', 'registry that has the course')
    .addHelpText(
      'after',
      '\nExamples:\n  progy deprecate @diego/rust-mastery@1.0.0 "Exercise 3 is wrong, use 1.0.1"\n  progy deprecate "@diego/rust-mastery@<2" "Use 2.0.0"\n  progy deprecate @diego/rust-mastery@1.0.0 ""',
    );

export const names = ['spec', 'message'] as const;

export type DeprecateOptions = OptionsOf<typeof usage, typeof names>;
