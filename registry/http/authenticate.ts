// Owns finding out from the Authorization header who a request acts for.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RequestContext } from '../context.ts';
import { actorOfAccount } from '../domain/accounts/accounts.ts';
import { actorOfToken, TOKEN_PREFIX } from '../domain/accounts/tokens.ts';
import type { Actor } from '../domain/rights/actor.ts';
import { accountOfSession } from './browser-session.ts';

/** pnpm 12, Yarn 1 and bun print only this sentence, so it names the command. */
const BAD_TOKEN = 'The token is unknown, revoked or expired. Sign in again with: npm login, or progy login';

/**
 * The actor that an Authorization header stands for: a registry token, or a Better-Auth session as bearer.
 * @throws {RegistryError} UNAUTHORIZED for an invalid header; FORBIDDEN for a token used from an address that it does
 *   not allow.
 */
export async function authenticate(context: RequestContext, headers: Headers): Promise<Actor | undefined> {
  const header = headers.get('authorization');
  if (header === null) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const actor = token?.startsWith(TOKEN_PREFIX)
    ? await actorOfToken(context, token)
    : await actorOfSession(context, headers);
  if (actor === undefined) throw new RegistryError('UNAUTHORIZED', BAD_TOKEN);
  return actor;
}

async function actorOfSession(context: RequestContext, headers: Headers): Promise<Actor | undefined> {
  const id = await accountOfSession(context, headers);
  return id === undefined ? undefined : actorOfAccount(context, id);
}
