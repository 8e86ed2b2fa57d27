// Owns telling from the Authorization header who a request acts for.
import { RegistryError } from '@progy/protocol/errors.ts';
import { findActiveAccount } from '../../database/accounts/accounts.ts';
import { openDatabase } from '../../database/database.ts';
import type { Env } from '../../env.ts';
import { type Actor, UNLIMITED } from '../rights/actor.ts';
import { authOf } from './better-auth.ts';
import { actorOfToken, type Background, TOKEN_PREFIX } from './tokens.ts';

/** pnpm 12, Yarn 1 and bun print nothing else of it, so it names the command. */
const BAD_TOKEN = 'The token is unknown, revoked or expired. Sign in again with: npm login, or progy login';

/**
 * Whoever an Authorization header stands for: a registry token, or a Better-Auth session as bearer.
 * @param address where the request comes from, as the edge says.
 * @throws {RegistryError} UNAUTHORIZED when there is a header but it proves nothing; FORBIDDEN for a token used elsewhere
 *   than its addresses allow.
 */
export async function authenticate(
  env: Env,
  headers: Headers,
  address: string,
  background: Background,
): Promise<Actor | undefined> {
  const header = headers.get('authorization');
  if (header === null) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const actor = token?.startsWith(TOKEN_PREFIX)
    ? await actorOfToken(env, token, address, background)
    : await actorOfSession(env, headers);
  if (actor === undefined) throw new RegistryError('UNAUTHORIZED', BAD_TOKEN);
  return actor;
}

async function actorOfSession(env: Env, headers: Headers): Promise<Actor | undefined> {
  const session = await authOf(env).api.getSession({ headers });
  const account = session && (await findActiveAccount(openDatabase(env.DB), session.user.id, new Date()));
  return account ? { ...account, limits: UNLIMITED, tokenId: undefined } : undefined;
}
