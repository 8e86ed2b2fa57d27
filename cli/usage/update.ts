// Owns how `progy update` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('update')
    .summary('get a new version of your course, and keep your work')
    .description(
      'Merges a new version of the course into your work. Files that you have not touched follow the course; where both changed, git merges, and shows conflicts as it always does. Your own files stay as they are.',
    )
    .option('--to <version>', 'version, range or tag to go to (default: the latest)')
    .option('--dry-run', 'show what would happen, and change nothing')
    .option('--yes', 'commit work that is not committed first, without asking')
    .option('--undo', 'go back from the last update: everything is as it was before')
    .option('--abort', 'give up an update in the middle of its conflicts')
    .option('--registry <url>', 'registry to update from (default: the one the course came from)')
    .addHelpText(
      'after',
      '\nExamples:\n  progy update --dry-run\n  progy update\n  progy update --to 1.2.0 --yes\n  progy update --undo',
    );

export const names = [] as const;

export type UpdateOptions = OptionsOf<typeof usage, typeof names>;
