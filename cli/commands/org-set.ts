// Owns `progy org set`: the role of a member, including readers, which npm's own command does not have.

import { type MembershipRequest, membershipSchema } from '@progy/protocol/wire/accounts/people.ts';
import type { OrganizationRole } from '@progy/protocol/wire/bounds.ts';
import { membersPath } from '@progy/protocol/wire/urls.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseScope } from '../registry/spec.ts';
import type { OrgSetOptions } from '../usage/org-set.ts';

export interface OrgSetResult {
  readonly slug: string;
  readonly user: string;
  readonly role: OrganizationRole;
  readonly registry: string;
}

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
