// Owns how `progy org set` is called.
import { Argument, type Command } from '@commander-js/extra-typings';
import { ORGANIZATION_ROLES } from '@progy/protocol/wire/bounds.ts';
import type { OptionsOf } from '../command.ts';

export const usage = (org: Command) =>
  org
    .command('set')
    .summary('make somebody a member, or change their role')
    .description('Makes somebody a member of an organization, or changes their role.')
    .argument('<name>', 'the organization')
    .argument('<user>', 'username')
    .addArgument(
      new Argument('<role>', 'reader: sees private courses; publisher: publishes; owner: everything').choices(
        ORGANIZATION_ROLES,
      ),
    )
    .option('--registry <url>', 'registry to ask')
    .addHelpText('after', '\nExamples:\n  progy org set acme bob publisher\n  progy org set acme ana reader');

export const names = ['name', 'user', 'role'] as const;

export type OrgSetOptions = OptionsOf<typeof usage, typeof names>;
