// Owns npm's session routes: legacy login, logout, whoami, ping, and the audit that npm sends with every install.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../app-env.ts';
import { login, logout } from '../../domain/accounts.ts';
import { clientOf } from '../../middleware/account.ts';

const MAX_LOGIN_BYTES = 16 * 1024;

const loginSchema = z.object({
  name: z.string().min(1).max(214),
  password: z.string().min(1).max(1_000),
  email: z.string().max(320).nullish(),
});

/** PUT /-/user/org.couchdb.user:<name>: signs in, or creates the account if the name is new and the registry allows it. */
export async function putUser(c: AppContext): Promise<Response> {
  const { name, password, email } = await readLogin(c);
  const id = `org.couchdb.user:${name}`;
  if (c.req.param('id') !== id)
    throw new RegistryError('INVALID_REQUEST', 'The name in the address and in the body differ');
  const token = await login(c.env, { username: name, password, email: email ?? undefined }, clientOf(c));
  return c.json({ ok: true, id, rev: '1-0', token }, 201, { 'Cache-Control': 'no-store' });
}

async function readLogin(c: AppContext): Promise<z.infer<typeof loginSchema>> {
  if (Number(c.req.header('content-length') ?? 0) > MAX_LOGIN_BYTES) throw new RegistryError('PAYLOAD_TOO_LARGE');
  const body: unknown = await c.req.json().catch(() => undefined);
  const result = loginSchema.safeParse(body);
  if (!result.success) throw new RegistryError('INVALID_REQUEST', 'A sign-in needs JSON with name and password');
  return result.data;
}

/** DELETE /-/user/token/<token>: revokes the token. */
export async function deleteToken(c: AppContext): Promise<Response> {
  await logout(c.env, c.var.account, c.req.param('token') ?? '');
  return c.json({ ok: true });
}

/** GET /-/whoami. */
export function getWhoami(c: AppContext): Response {
  return c.json({ username: c.var.account.username }, 200, { 'Cache-Control': 'private, no-store' });
}

/** GET /-/ping. */
export function getPing(c: AppContext): Response {
  return c.json({}, 200, { 'Cache-Control': 'no-store' });
}

/** POST /-/npm/v1/security/advisories/bulk: courses have no dependencies, so no advisory can name one. The body is not read. */
export function postAudit(c: AppContext): Response {
  return c.json({});
}
