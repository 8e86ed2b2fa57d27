// Owns `progy org create`: creating an organization, whose name is a scope that several people share.

import { type OrganizationRequest, organizationSchema } from '@progy/protocol/wire/accounts/people.ts';
import { ORGANIZATIONS_PATH } from '@progy/protocol/wire/urls.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseScope } from '../registry/spec.ts';
import type { OrgCreateOptions } from '../usage/org-create.ts';

export interface OrgCreateResult {
  readonly slug: string;
  readonly scope: string;
  readonly registry: string;
  readonly registryFlag: string;
}

export async function run(options: OrgCreateOptions, context: Context): Promise<OrgCreateResult> {
  const slug = parseScope(options.name);
  const registry = await chooseSignedIn(context, options.registry, slug);
  const request: OrganizationRequest = { slug };
  const client = createRegistryClient(registry, context.signal);
  const { scope } = await client.change('POST', ORGANIZATIONS_PATH, organizationSchema, request);
  return { slug, scope, registry: registry.label, registryFlag: registryFlag(registry) };
}

export const views: Views<OrgCreateResult> = {
  human: ({ slug, scope, registryFlag: flag }) =>
    [
      `Created ${slug}. You own it and the scope ${scope}.`,
      '',
      `Next: progy org set ${slug} <user> publisher${flag}`,
    ].join('\n'),
  json: ({ slug, scope, registry }) => ({ slug, scope, registry }),
};
