// Owns what `npm owner` reads and writes, and pnpm's own routes for it.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../../app-env.ts';
import { readPerson } from '../../../domain/people/known-account.ts';
import { changeOwners } from '../../../domain/people/owners.ts';
import { readJson } from '../../../http/read-json.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;
const MAX_MAINTAINERS = 100;
const MAX_NAME = 214;
const USER_ID = 'org.couchdb.user:';

const maintainersSchema = z.looseObject({
  maintainers: z.array(z.looseObject({ name: z.string().max(MAX_NAME) })).max(MAX_MAINTAINERS),
});
const userSchema = z.looseObject({ user: z.string() });

/** GET /-/user/org.couchdb.user:<name>: npm calls it before it adds or removes somebody. */
export async function getUser(c: AppContext): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const person = await readPerson(c.var.context, id.slice(USER_ID.length));
  return c.json({ _id: id, ...person }, 200, { 'Cache-Control': 'no-store' });
}

/**
 * PUT /@scope/slug/-rev/<rev> whose body has `maintainers` and no versions: the complete new list.
 * @param body JSON, already read.
 */
export async function changeMaintainers(c: AppContext, rev: string, body: unknown): Promise<Response> {
  const result = maintainersSchema.safeParse(body);
  if (!result.success)
    throw new RegistryError('INVALID_REQUEST', `"maintainers" is a list of {name}, at most ${MAX_MAINTAINERS}`);
  const names = result.data.maintainers.map(({ name }) => name);
  await changeOwners(c.var.signedIn, nameInPath(c), rev, () => names);
  return c.json({ ok: true });
}

/** PUT /-/package/@scope/slug/owners, with `{user}`: pnpm 12 sends no `_rev`. */
export async function putOwner(c: AppContext): Promise<Response> {
  const result = userSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (!result.success) throw new RegistryError('INVALID_REQUEST', 'The body must be {"user": "…"}');
  const { user } = result.data;
  await changeOwners(c.var.signedIn, nameInPath(c), undefined, (names) => [...names, user]);
  return c.json({ ok: true });
}

/** DELETE /-/package/@scope/slug/owners/<user>. */
export async function deleteOwner(c: AppContext): Promise<Response> {
  const user = c.req.param('user');
  await changeOwners(c.var.signedIn, nameInPath(c), undefined, (names) => names.filter((name) => name !== user));
  return c.json({ ok: true });
}
