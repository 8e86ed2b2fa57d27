// Owns `progy access grant` and `progy access revoke`: read access for one account, which npm can give only to teams.
import { type GrantRequest, grantSchema } from '@progy/protocol/wire/accounts/people.ts';
import { grantPath } from '@progy/protocol/wire/urls.ts';
import type { Action } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseCourseSpec, parseScope } from '../registry/spec.ts';
import type { AccessOptions } from '../usage/access.ts';

export interface GrantResult {
  readonly name: string;
  readonly user: string;
  readonly registry: string;
}

type AccessAction = Action<AccessOptions, GrantResult>;

export const grant: AccessAction = {
  run: (options, context) => ask('PUT', options, context, { permission: 'read' }),
  views: { human: ({ name, user }) => `${user} may read ${name}.`, json: (result) => result },
};

export const revoke: AccessAction = {
  run: (options, context) => ask('DELETE', options, context),
  views: { human: ({ name, user }) => `${user} may no longer read ${name}.`, json: (result) => result },
};

async function ask(
  method: 'PUT' | 'DELETE',
  options: AccessOptions,
  context: Context,
  body?: GrantRequest,
): Promise<GrantResult> {
  const { name } = parseCourseSpec(options.course);
  const user = parseScope(options.user);
  const registry = await chooseSignedIn(context, options.registry, name.scope);
  await createRegistryClient(registry, context.signal).change(method, grantPath(name, user), grantSchema, body);
  return { name: name.full, user, registry: registry.label };
}
