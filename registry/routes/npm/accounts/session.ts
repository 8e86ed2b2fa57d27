// Owns npm's session routes: legacy login, logout, whoami, profile and ping.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  type LoginAnswer,
  type LoginRequest,
  type LogoutAnswer,
  loginRequestSchema,
  type Whoami,
} from '@progy/protocol/wire/accounts/sign-in.ts';
import type { AppContext } from '../../../app-env.ts';
import { login, readProfile } from '../../../domain/accounts/accounts.ts';
import { revokeToken } from '../../../domain/accounts/tokens.ts';
import { answer } from '../../../http/answer.ts';
import { readJson } from '../../../http/read-json.ts';

const MAX_LOGIN_BYTES = 16 * 1024;

/** PUT /-/user/org.couchdb.user:<name>: signs in, or creates the account if the name is new and the registry allows it. */
export async function putUser(c: AppContext): Promise<Response> {
  const { name, password, email } = await readLogin(c);
  const id = `org.couchdb.user:${name}`;
  if (c.req.param('id') !== id)
    throw new RegistryError('INVALID_REQUEST', 'The names in the address and in the body differ');
  const token = await login(c.var.context, { username: name, password, email: email ?? undefined });
  return answer<LoginAnswer>(c, { ok: true, id, rev: '1-0', token }, 201, { 'Cache-Control': 'no-store' });
}

async function readLogin(c: AppContext): Promise<LoginRequest> {
  const result = loginRequestSchema.safeParse(await readJson(c, MAX_LOGIN_BYTES));
  if (!result.success) throw new RegistryError('INVALID_REQUEST', 'A sign-in needs JSON with name and password');
  return result.data;
}

/** DELETE /-/user/token/<token>: npm's logout. Revoking twice is fine. */
export async function deleteSession(c: AppContext): Promise<Response> {
  await revokeToken(c.var.signedIn, c.req.param('token') ?? '');
  return answer<LogoutAnswer>(c, { ok: true });
}

/** GET /-/whoami. */
export function getWhoami(c: AppContext): Response {
  return answer<Whoami>(c, { username: c.var.signedIn.actor.username }, 200, { 'Cache-Control': 'private, no-store' });
}

/** GET /-/npm/v1/user: what `npm profile get` shows, to the account itself only. */
export async function getProfile(c: AppContext): Promise<Response> {
  const { name, email, emailVerified, createdAt, updatedAt } = await readProfile(c.var.signedIn);
  const profile = {
    tfa: false,
    name: c.var.signedIn.actor.username,
    email,
    email_verified: emailVerified,
    created: createdAt,
    updated: updatedAt,
    fullname: name,
  };
  return c.json(profile, 200, { 'Cache-Control': 'private, no-store' });
}

/** GET /-/ping. */
export function getPing(c: AppContext): Response {
  // progy doctor compares clocks. The edge tells the time by itself; workerd does not.
  return c.json({}, 200, { 'Cache-Control': 'no-store', Date: c.var.context.now().toUTCString() });
}
