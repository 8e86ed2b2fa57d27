// Owns people in tests of rights: accounts with their tokens, organizations, and requests in their names.
import { ORGANIZATIONS_PATH } from '@progy/protocol/wire/urls.ts';
import { type Answer, bearer, type RegistryClient, type TestRegistry } from '../harness.ts';

/** Sends a request as somebody, with an optional JSON body; without a token, anonymously. */
export type Ask = (token: string | undefined, method: string, path: string, body?: unknown) => Promise<Answer>;

export function askerOf({ json }: Pick<RegistryClient, 'json'>): Ask {
  return (token, method, path, body) =>
    json(path, {
      method,
      headers: {
        ...(token === undefined ? {} : bearer(token)),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

/** Signs all of them up, and returns their tokens by name. */
export async function signUpAll<Name extends string>(
  { signUp }: Pick<RegistryClient, 'signUp'>,
  ...names: Name[]
): Promise<Record<Name, string>> {
  const tokens: [Name, string][] = [];
  for (const name of names) tokens.push([name, await signUp(name)]);
  return Object.fromEntries(tokens) as Record<Name, string>;
}

/** Creates an organization with members in their roles. @throws {Error} if the registry refuses any of it. */
export async function createOrganization(
  ask: Ask,
  owner: string,
  slug: string,
  members: Record<string, string> = {},
): Promise<void> {
  await succeed(ask(owner, 'POST', ORGANIZATIONS_PATH, { slug }));
  for (const [user, role] of Object.entries(members))
    await succeed(ask(owner, 'PUT', `/-/org/${slug}/user`, { user, role }));
}

/** @throws {Error} unless the answer is a success. */
export async function succeed(answer: Promise<Answer>): Promise<Answer> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${body.code}: ${body.error}`);
  return answer;
}

/** Makes an account an admin, as an operator does: in the database. */
export async function makeAdmin({ env }: Pick<TestRegistry, 'env'>, username: string): Promise<void> {
  await env.DB.prepare("UPDATE user SET role = 'admin' WHERE username = ?").bind(username).run();
}

/** Another token of an account, changed directly in the database: `readonly = 1`, `expires_at = 0` and the like. */
export async function tokenWith({ env, signUp }: TestRegistry, username: string, change: string): Promise<string> {
  const token = await signUp(username);
  const newest = '(SELECT max(rowid) FROM registry_tokens)';
  await env.DB.prepare(`UPDATE registry_tokens SET ${change} WHERE rowid = ${newest}`).run();
  return token;
}
