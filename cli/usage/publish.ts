// Owns how `progy publish` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('publish')
    .summary('publish a course')
    .description(
      'Packs the course in this folder and publishes it, or publishes a .progy file. A published version never changes.',
    )
    .argument('[file]', 'a .progy file; without one, the current folder is packed')
    .option('--dry-run', 'do everything except upload')
    .option('--tag <tag>', 'dist-tag for this version; a prerelease needs one')
    .option(
      '--force',
      'admins only: publish without rights to the course, or past the hourly limit; overwrites nothing',
    )
    .option('--registry <url>', 'registry to publish to')
    .addHelpText(
      'after',
      '\nExamples:\n  progy publish --dry-run\n  progy publish\n  progy publish --tag beta\n  progy publish rust-mastery-1.0.0.progy --json',
    );

export const names = ['file'] as const;

export type PublishOptions = OptionsOf<typeof usage, typeof names>;
