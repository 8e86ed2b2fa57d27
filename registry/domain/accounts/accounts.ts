// Owns signing in and up with a password, and what an account may see of itself.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type APIError, isAPIError } from 'better-auth/api';
import type { RequestContext, SignedInContext } from '../../context.ts';
import {
  type Account,
  findActiveAccount,
  findCredentials,
  findProfile,
  type Profile,
} from '../../database/accounts/accounts.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';
import { type Actor, UNLIMITED } from '../rights/actor.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { checkNameIsFree, checkScopeIsFree } from './account-names.ts';
import { authOf, PASSWORD_LENGTH } from './better-auth.ts';
import { checkPassword, wrongPassword } from './passwords.ts';
import { issueToken } from './tokens.ts';

export type { Account } from '../../database/accounts/accounts.ts';

/** What npm's legacy login asks for. */
export interface Credentials {
  username: string;
  password: string;
  email?: string;
}

/**
 * Signs in, or signs up if the name is new and the registry allows it, and makes a token, which is shown only here.
 * @throws {RegistryError} UNAUTHORIZED, NAME_TAKEN, RATE_LIMITED, INVALID_REQUEST.
 */
export async function login(context: RequestContext, credentials: Credentials): Promise<string> {
  await limitRate(context, 'login', credentials.username);
  const account = await signIn(context, credentials);
  const plan = { name: 'login', limits: UNLIMITED };
  return (await issueToken(context, { ...account, tokenId: undefined }, plan)).token;
}

async function signIn(context: RequestContext, credentials: Credentials): Promise<Account> {
  const known = await findCredentials(context.db, credentials.username);
  if (known === undefined) return signUp(context, credentials);
  await checkPassword(context, known.passwordHash, credentials.password);
  return known;
}

/** The client signs in with the token, so the session that Better-Auth begins is ended. */
async function signUp(context: RequestContext, credentials: Credentials): Promise<Account> {
  if (!context.settings.legacySignup) throw wrongPassword();
  const { api, $context } = authOf(context);
  const { token, user } = await createAccount(context, credentials, (body) => api.signUpEmail({ body }));
  if (token !== null) await (await $context).internalAdapter.deleteSession(token);
  return { id: user.id, username: credentials.username };
}

/** What Better-Auth makes an account of. */
type NewAccount = Required<Credentials> & { name: string };

/**
 * Makes an account, and begins a session of it.
 * @param signUp calls Better-Auth, and returns what the caller needs from the session.
 * @throws {RegistryError} NAME_TAKEN, INVALID_REQUEST.
 */
export async function createAccount<T>(
  context: RequestContext,
  { username, password, email }: Credentials,
  signUp: (account: NewAccount) => Promise<T>,
): Promise<T> {
  await checkNameIsFree(context, username);
  try {
    return await signUp({ name: username, username, password, email: email || `${username}${NO_REPLY}` });
  } catch (error) {
    // Somebody else was faster: the constraint failed, and Better-Auth does not pass its error on.
    await checkScopeIsFree(context, username);
    throw toSignUpError(error);
  }
}

function toSignUpError(error: unknown): unknown {
  if (!isAPIError(error)) return error;
  const { body } = error as APIError;
  const taken = /ALREADY|TAKEN/.test(body?.code ?? '');
  return new RegistryError(taken ? 'NAME_TAKEN' : 'INVALID_REQUEST', sentenceOf(body), {}, { cause: error });
}

/** Better-Auth's own sentences do not say how long is long enough. */
function sentenceOf(body: APIError['body']): string | undefined {
  const { min, max } = PASSWORD_LENGTH;
  if (body?.code === 'PASSWORD_TOO_SHORT') return `That password is too short: it needs at least ${min} characters`;
  if (body?.code === 'PASSWORD_TOO_LONG') return `That password is too long: it may have at most ${max} characters`;
  return body?.message;
}

/** What an account may see of itself, including its email. @throws {RegistryError} NOT_FOUND once it is deleted. */
export async function readProfile({ db, actor }: SignedInContext): Promise<Profile> {
  const profile = await findProfile(db, actor.id);
  if (profile === undefined) throw new RegistryError('NOT_FOUND', 'This account no longer exists');
  return profile;
}

/** Whoever acts with a session of an account instead of a token; undefined for one that is banned or has no username. */
export async function actorOfAccount({ db, now }: RequestContext, id: string): Promise<Actor | undefined> {
  const account = await findActiveAccount(db, id, now());
  return account && { ...account, limits: UNLIMITED, tokenId: undefined };
}
