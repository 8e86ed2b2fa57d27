// Owns how `progy login` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('login')
    .summary('sign in to a registry')
    .description('Signs in through your browser and keeps the token in your .npmrc, where npm finds it too.')
    .option('--registry <url>', 'registry to sign in to')
    .option('--no-browser', 'print the address of the page, and open nothing')
    .option('--username <name>', 'sign in with a password instead; a new name makes a new account')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token <token>', 'keep this token instead')
    .addHelpText(
      'after',
      '\nExamples:\n  progy login\n  progy login --no-browser --registry http://localhost:8787\n  progy login --username diego --password-stdin < password.txt',
    );

export const names = [] as const;

export type LoginOptions = Partial<OptionsOf<typeof usage, typeof names>>;
