// Owns `progy access grant` and `progy access revoke`: read access for accounts, which npm can give only to teams.
import { grantSchema } from '@progy/protocol/wire/accounts/people.ts';
import { grantPath } from '@progy/protocol/wire/urls.ts';
import { type LetRead, letRead } from '../classroom/people/let-read.ts';
import type { Action } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseCourseSpec, parseScope } from '../registry/spec.ts';
import type { GrantOptions, RevokeOptions } from '../usage/access.ts';
import { showLetRead } from '../views/classroom/let-read.ts';

export interface GrantResult extends LetRead {
  readonly name: string;
  readonly registry: string;
  /** ` --registry URL`, or nothing. */
  readonly flag: string;
}

export interface RevokeResult {
  readonly name: string;
  readonly user: string;
  readonly registry: string;
}

export const grant: Action<GrantOptions, GrantResult> = {
  async run({ course, users, registry: option }, context) {
    const { name } = parseCourseSpec(course);
    const people = users.map((user) => (isAddress(user) ? user : parseScope(user)));
    const { registry, client } = await signedIn(option, name.scope, context);
    const [only, another] = people;
    const isOne = only !== undefined && another === undefined && !isAddress(only);
    const outcome = isOne ? await grantOne(only) : await letRead(client, name, people);
    return { name: name.full, ...outcome, registry: registry.label, flag: registryFlag(registry) };

    /** A single name that does not exist is an error. */
    async function grantOne(user: string): Promise<LetRead> {
      await client.change('PUT', grantPath(name, user), grantSchema, { permission: 'read' });
      return { granted: [user], already: [], unknown: [] };
    }
  },
  views: {
    human: (result) => showLetRead(result.name, result, result.flag),
    json: ({ flag, ...result }) => result,
  },
};

export const revoke: Action<RevokeOptions, RevokeResult> = {
  async run({ course, user: typed, registry: option }, context) {
    const { name } = parseCourseSpec(course);
    const user = parseScope(typed);
    const { registry, client } = await signedIn(option, name.scope, context);
    await client.change('DELETE', grantPath(name, user), grantSchema);
    return { name: name.full, user, registry: registry.label };
  },
  views: { human: ({ name, user }) => `${user} may no longer read ${name}.`, json: (result) => result },
};

async function signedIn(option: string | undefined, scope: string, context: Context) {
  const registry = await chooseSignedIn(context, option, scope);
  return { registry, client: createRegistryClient(registry, context.signal) };
}

/** A username has no `@` inside. */
function isAddress(person: string): boolean {
  return person.indexOf('@') > 0;
}
