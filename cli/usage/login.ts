// Owns how `progy login` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('login')
    .summary('sign in to a registry')
    .description('Signs in through your browser and saves the token in your .npmrc, where npm finds it too.')
    .option('--registry <url>', 'registry to sign in to')
    .option('--no-browser', 'print the address instead of opening a browser')
    .option('--username <name>', 'sign in with a password instead; a new name creates an account')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token <token>', 'save this token instead of signing in')
    .addHelpText(
      'after',
      '\nExamples:\n  progy login\n  progy login --no-browser --registry http://localhost:8787\n  progy login --username diego --password-stdin < password.txt',
    );

export const names = [] as const;

export type LoginOptions = Partial<OptionsOf<typeof usage, typeof names>>;
