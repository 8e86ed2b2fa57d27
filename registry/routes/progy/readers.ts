// Owns /registry/access/:scope/:slug/:user: letting one account read a course, which npm can do for teams only.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../app-env.ts';
import { grantRead, revokeRead } from '../../domain/people/readers.ts';
import { readJson } from '../../http/read-json.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;

const grantSchema = z.strictObject({ permission: z.literal('read') });

/** PUT, with `{permission: "read"}`. */
export async function putGrant(c: AppContext): Promise<Response> {
  const body = await readJson(c, MAX_BODY_BYTES);
  if (!grantSchema.safeParse(body).success)
    throw new RegistryError('INVALID_REQUEST', 'The body is {"permission": "read"}. Maintainers: npm owner add');
  const [name, user] = [nameInProgyPath(c), c.req.param('user') ?? ''];
  await grantRead(c.var.signedIn, name, user);
  return c.json({ name: name.full, user, permission: 'read' });
}

/** DELETE. */
export async function deleteGrant(c: AppContext): Promise<Response> {
  const [name, user] = [nameInProgyPath(c), c.req.param('user') ?? ''];
  await revokeRead(c.var.signedIn, name, user);
  return c.json({ name: name.full, user });
}
