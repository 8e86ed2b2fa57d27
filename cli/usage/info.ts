// Owns how `progy info` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('info')
    .summary('show what a course is about')
    .description(
      'Shows what a course teaches, its versions, its size, who published it, and whether its signature is valid.',
    )
    .argument('<spec>', '@scope/slug, optionally with @version or @tag')
    .option('--offline', 'use only what is in the cache')
    .option('--prefer-offline', 'use what is in the cache, and ask the registry for the rest')
    .option('--registry <url>', 'registry to ask')
    .addHelpText(
      'after',
      '\nExamples:\n  progy info @diego/rust-mastery\n  progy info @diego/rust-mastery@1.0.0 --json',
    );

export const names = ['spec'] as const;

export type InfoOptions = OptionsOf<typeof usage, typeof names>;
