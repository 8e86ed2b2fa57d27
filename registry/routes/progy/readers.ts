// Owns /registry/access/:scope/:slug, for several accounts, and …/:user: letting accounts read a course, which npm can do for teams only.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  type Grant,
  type Grants,
  grantRequestSchema,
  grantsRequestSchema,
} from '@progy/protocol/wire/accounts/people.ts';
import { MAX_PEOPLE } from '@progy/protocol/wire/bounds.ts';
import type { AppContext } from '../../app-env.ts';
import { grantRead, grantReadToAll, revokeRead } from '../../domain/people/readers.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;
const MAX_GRANTS_BYTES = 128 * 1024;

/** PUT, with `{permission: "read"}`. */
export async function putGrant(c: AppContext): Promise<Response> {
  const body = await readJson(c, MAX_BODY_BYTES);
  if (!grantRequestSchema.safeParse(body).success)
    throw new RegistryError(
      'INVALID_REQUEST',
      'The body must be {"permission": "read"}. To add a maintainer: npm owner add',
    );
  const [name, user] = [nameInProgyPath(c), c.req.param('user') ?? ''];
  await grantRead(c.var.signedIn, name, user);
  return answer<Grant>(c, { name: name.full, user, permission: 'read' });
}

/** POST, with `{permission: "read", people: [...]}`. */
export async function postGrants(c: AppContext): Promise<Response> {
  const body = grantsRequestSchema.safeParse(await readJson(c, MAX_GRANTS_BYTES));
  if (!body.success)
    throw new RegistryError(
      'INVALID_REQUEST',
      `The body must be {"permission": "read", "people": [...]} with 1 to ${MAX_PEOPLE} usernames or email addresses`,
    );
  const name = nameInProgyPath(c);
  const outcome = await grantReadToAll(c.var.signedIn, name, body.data.people);
  return answer<Grants>(c, { name: name.full, ...outcome });
}

/** DELETE. */
export async function deleteGrant(c: AppContext): Promise<Response> {
  const [name, user] = [nameInProgyPath(c), c.req.param('user') ?? ''];
  await revokeRead(c.var.signedIn, name, user);
  return answer<Grant>(c, { name: name.full, user });
}
