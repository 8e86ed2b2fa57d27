// Owns how `progy portfolio` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('portfolio')
    .summary('keep your work in a repository of yours')
    .description(
      'Pushes your work on a course to a private repository of your own. Without an option, pushes to the one that it has.',
    )
    .option('--github', 'make one on GitHub, through the registry that the course is from')
    .option('--gh', 'make one on GitHub with the gh program')
    .option('--remote <url>', 'use an empty repository anywhere else')
    .option('--name <name>', 'name of the repository on GitHub (default: progy-<slug>-portfolio)')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  progy portfolio --github\n  progy portfolio --remote git@gitlab.com:ana/rust.git\n  progy portfolio',
    );

export const names = [] as const;

export type PortfolioOptions = OptionsOf<typeof usage, typeof names>;
