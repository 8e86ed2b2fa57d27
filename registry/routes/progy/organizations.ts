// Owns POST /registry/orgs: creating an organization, for which npm has no command.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type Organization, organizationRequestSchema } from '@progy/protocol/wire/accounts/people.ts';
import type { AppContext } from '../../app-env.ts';
import { createOrganization } from '../../domain/people/organizations.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';

const MAX_BODY_BYTES = 1024;

export async function postOrganization(c: AppContext): Promise<Response> {
  const result = organizationRequestSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (!result.success) throw new RegistryError('INVALID_REQUEST', 'The body must be {"slug": "…"}');
  const { slug } = result.data;
  await createOrganization(c.var.signedIn, slug);
  return answer<Organization>(c, { slug, scope: `@${slug}`, owner: c.var.signedIn.actor.username }, 201);
}
