// Owns how `progy access grant` and `progy access revoke` are called.
import type { Command } from '@commander-js/extra-typings';
import type { Declaration, OptionsOf } from '../command.ts';

const grantNames = ['course', 'users'] as const;

const describeGrant = (access: Command) =>
  access
    .command('grant')
    .summary('let people read a private course')
    .description(
      'Lets accounts read a course that is private or restricted. An address counts if its account has verified it.',
    )
    .argument('<course>', '@scope/slug')
    .argument('<users...>', 'usernames or email addresses')
    .option('--registry <url>', 'registry to ask')
    .addHelpText(
      'after',
      '\nExamples:\n  progy access grant @diego/secrets ana\n  progy access grant @diego/secrets ana rui caio@school.example\n\nFor a class: progy classroom invite. To add a maintainer: npm owner add',
    );

export const grant: Declaration<typeof describeGrant, typeof grantNames> = { usage: describeGrant, names: grantNames };

export type GrantOptions = OptionsOf<typeof describeGrant, typeof grantNames>;

const revokeNames = ['course', 'user'] as const;

const describeRevoke = (access: Command) =>
  access
    .command('revoke')
    .summary('take back somebody’s access to a private course')
    .description('Takes back access that was given with progy access grant, or by an invitation.')
    .argument('<course>', '@scope/slug')
    .argument('<user>', 'username')
    .option('--registry <url>', 'registry to ask');

export const revoke: Declaration<typeof describeRevoke, typeof revokeNames> = {
  usage: describeRevoke,
  names: revokeNames,
};

export type RevokeOptions = OptionsOf<typeof describeRevoke, typeof revokeNames>;
