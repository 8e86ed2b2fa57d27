// Owns `progy org set`: the role of a member. npm's own command knows no readers.

import { Argument, type Command } from '@commander-js/extra-typings';
import { type MembershipRequest, membershipSchema, ORGANIZATION_ROLES } from '@progy/protocol/wire/people.ts';
import { membersPath } from '@progy/protocol/wire/urls.ts';
import type { OptionsOf, Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseScope } from '../registry/spec.ts';

type Role = (typeof ORGANIZATION_ROLES)[number];

export interface OrgSetResult {
  readonly slug: string;
  readonly user: string;
  readonly role: Role;
  readonly registry: string;
}

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

export async function run({ name, user, role, ...options }: OrgSetOptions, context: Context): Promise<OrgSetResult> {
  const slug = parseScope(name);
  const registry = await chooseSignedIn(context, options.registry, slug);
  const request: MembershipRequest = { user: parseScope(user), role };
  await createRegistryClient(registry, context.signal).change('PUT', membersPath(slug), membershipSchema, request);
  return { slug, user, role, registry: registry.label };
}

export const views: Views<OrgSetResult> = {
  human: ({ slug, user, role }) => `${user} is ${role === 'owner' ? 'an' : 'a'} ${role} of ${slug}.`,
  json: (result) => result,
};
