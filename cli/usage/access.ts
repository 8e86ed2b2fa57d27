// Owns how `progy access grant` and `progy access revoke` are called.
import type { Command } from '@commander-js/extra-typings';
import type { Declaration, OptionsOf } from '../command.ts';

const names = ['course', 'user'] as const;

type AccessDeclaration = Declaration<typeof describe, typeof names>;

export type AccessOptions = OptionsOf<typeof describe, typeof names>;

export const grant: AccessDeclaration = {
  usage: (access) =>
    describe(access.command('grant'))
      .summary('let somebody read a private course')
      .description('Lets one account read a course that is private or restricted.')
      .addHelpText(
        'after',
        '\nExamples:\n  progy access grant @diego/secrets ana\n\nTo add a maintainer: npm owner add',
      ),
  names,
};

export const revoke: AccessDeclaration = {
  usage: (access) =>
    describe(access.command('revoke'))
      .summary('take back somebody’s access to a private course')
      .description('Takes back access that was given with progy access grant.'),
  names,
};

function describe(command: Command) {
  return command
    .argument('<course>', '@scope/slug')
    .argument('<user>', 'username')
    .option('--registry <url>', 'registry to ask');
}
