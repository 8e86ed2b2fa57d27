// Owns how `progy init` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('init')
    .summary('start a course')
    .description('Downloads a course from the registry into a new folder with its own git repository.')
    .argument('[spec]', '@scope/slug, optionally with @version, @range or @tag (default: you are asked)')
    .argument('[dir]', 'folder to create (default: the slug)')
    .option('--no-git', 'do not create a git repository')
    .option('--github', 'keep it in a private repository on GitHub too: see progy portfolio')
    .option('--remote <url>', 'keep it in an empty repository anywhere else too')
    .option('--offline', 'use only what is in the cache')
    .option('--prefer-offline', 'use what is in the cache, and ask the registry for the rest')
    .option('--yes', 'ask nothing')
    .option('--registry <url>', 'registry to download the course from')
    .option('--lockfile <path|url>', 'lockfile whose version and checksum count (default: the nearest one above)')
    .option('--from <dir>', 'folder made by progy mirror, such as one on a USB stick, instead of a registry')
    .addHelpText(
      'after',
      '\nExamples:\n  progy init @diego/rust-mastery\n  progy init @diego/rust-mastery@^1.2 my-rust\n  progy init @diego/rust-mastery@beta --no-git',
    );

export const names = ['spec', 'dir'] as const;

export type InitOptions = OptionsOf<typeof usage, typeof names>;
