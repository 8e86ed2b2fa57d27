// Owns `progy access grant` and `progy access revoke`: one account that may read a private course. npm knows only teams there.

import type { Command } from '@commander-js/extra-typings';
import { type GrantRequest, grantSchema } from '@progy/protocol/wire/people.ts';
import { grantPath } from '@progy/protocol/wire/urls.ts';
import type { CommandModule, OptionsOf } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseCourseSpec, parseScope } from '../registry/spec.ts';

export interface GrantResult {
  readonly name: string;
  readonly user: string;
  readonly registry: string;
}

const names = ['course', 'user'] as const;

export type GrantOptions = OptionsOf<typeof describe, typeof names>;

type GrantModule = CommandModule<typeof describe, typeof names, GrantResult>;

export const grant: GrantModule = {
  usage: (access) =>
    describe(access.command('grant'))
      .summary('let somebody read a private course')
      .description('Lets one account read a course that is private or restricted.')
      .addHelpText(
        'after',
        '\nExamples:\n  progy access grant @diego/secrets ana\n\nMaintainers are added with: npm owner add',
      ),
  names,
  run: (options, context) => ask('PUT', options, context, { permission: 'read' }),
  views: { human: ({ name, user }) => `${user} may read ${name}.`, json: (result) => result },
};

export const revoke: GrantModule = {
  usage: (access) =>
    describe(access.command('revoke'))
      .summary('take that back')
      .description('Takes back what progy access grant gave.'),
  names,
  run: (options, context) => ask('DELETE', options, context),
  views: { human: ({ name, user }) => `${user} may no longer read ${name}.`, json: (result) => result },
};

function describe(command: Command) {
  return command
    .argument('<course>', '@scope/slug')
    .argument('<user>', 'username')
    .option('--registry <url>', 'registry to ask');
}

async function ask(
  method: 'PUT' | 'DELETE',
  options: GrantOptions,
  context: Context,
  body?: GrantRequest,
): Promise<GrantResult> {
  const { name } = parseCourseSpec(options.course);
  const user = parseScope(options.user);
  const registry = await chooseSignedIn(context, options.registry, name.scope);
  await createRegistryClient(registry, context.signal).change(method, grantPath(name, user), grantSchema, body);
  return { name: name.full, user, registry: registry.label };
}
