// Owns what `npm owner` reads and writes, and pnpm's own routes for it.
import type { AppContext } from '../../app-env.ts';
import { readPerson } from '../../domain/known-account.ts';

const USER_ID = 'org.couchdb.user:';

/** GET /-/user/org.couchdb.user:<name>: npm asks before it adds or removes somebody. */
export async function getUser(c: AppContext): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const person = await readPerson(c.env, id.slice(USER_ID.length));
  return c.json({ _id: id, ...person }, 200, { 'Cache-Control': 'no-store' });
}
