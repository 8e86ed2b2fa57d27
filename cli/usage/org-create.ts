// Owns how `progy org create` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (org: Command) =>
  org
    .command('create')
    .summary('create an organization')
    .description('Creates an organization. Its name is a scope; you are its owner.')
    .argument('<name>', 'such as acme, for courses named @acme/…')
    .option('--registry <url>', 'registry to create it on')
    .addHelpText('after', '\nSee and remove members with npm:\n  npm org ls acme\n  npm org rm acme bob');

export const names = ['name'] as const;

export type OrgCreateOptions = OptionsOf<typeof usage, typeof names>;
