// Owns how `progy doctor` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('doctor')
    .summary('find out what is wrong')
    .description(
      'Looks at everything that progy depends on: programs, registry, account, clock, proxy, cache, git and the course you are in. Ends with what to fix first; exits with 1 if something does not work.',
    )
    .option('--registry <url>', 'registry to look at');

export const names = [] as const;

export type DoctorOptions = OptionsOf<typeof usage, typeof names>;
