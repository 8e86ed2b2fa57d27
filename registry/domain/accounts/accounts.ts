// Owns signing in and up with a password, and what an account tells about itself.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type APIError, isAPIError } from 'better-auth/api';
import { type Account, findCredentials, findProfile, type Profile } from '../../database/accounts/accounts.ts';
import { openDatabase } from '../../database/database.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';
import { type Env, settingsOf } from '../../env.ts';
import { UNLIMITED } from '../rights/actor.ts';
import { checkNameIsFree, checkScopeIsFree } from './account-names.ts';
import { authOf, PASSWORD_LENGTH } from './better-auth.ts';
import { checkPassword, limitLogins, wrongPassword } from './passwords.ts';
import { issueToken } from './tokens.ts';

export type { Account } from '../../database/accounts/accounts.ts';

/** What npm's legacy login asks for. */
export interface Credentials {
  username: string;
  password: string;
  email?: string;
}

/**
 * Signs in, or signs up when the name is new and the registry allows it, and makes a token. It is shown here once.
 * @throws {RegistryError} UNAUTHORIZED, NAME_TAKEN, RATE_LIMITED, INVALID_REQUEST.
 */
export async function login(env: Env, credentials: Credentials, client: string): Promise<string> {
  await limitLogins(env, `${client} ${credentials.username}`);
  const account = await signIn(env, credentials);
  const plan = { name: 'login', limits: UNLIMITED };
  return (await issueToken(env, { ...account, tokenId: undefined }, plan)).token;
}

async function signIn(env: Env, credentials: Credentials): Promise<Account> {
  const known = await findCredentials(openDatabase(env.DB), credentials.username);
  if (known === undefined) return signUp(env, credentials);
  await checkPassword(env, known.passwordHash, credentials.password);
  return known;
}

/** What signs in is the token, so the session that Better-Auth begins is ended. */
async function signUp(env: Env, credentials: Credentials): Promise<Account> {
  if (!settingsOf(env).legacySignup) throw wrongPassword();
  const { response } = await createAccount(env, credentials);
  const { internalAdapter } = await authOf(env).$context;
  if (response.token !== null) await internalAdapter.deleteSession(response.token);
  return { id: response.user.id, username: credentials.username };
}

/**
 * Makes an account, and begins a session of it.
 * @throws {RegistryError} NAME_TAKEN, INVALID_REQUEST.
 */
export async function createAccount(env: Env, { username, password, email }: Credentials) {
  await checkNameIsFree(env, username);
  try {
    const body = { name: username, username, password, email: email || `${username}${NO_REPLY}` };
    return await authOf(env).api.signUpEmail({ body, returnHeaders: true });
  } catch (error) {
    // Somebody else was faster: the constraint said so, and Better-Auth does not repeat what it says.
    await checkScopeIsFree(env, username);
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
  if (body?.code === 'PASSWORD_TOO_LONG') return `That password is too long: it may have ${max} characters`;
  return body?.message;
}

/** What an account may know of itself, its email included. @throws {RegistryError} NOT_FOUND once it is deleted. */
export async function readProfile(env: Env, account: Account): Promise<Profile> {
  const profile = await findProfile(openDatabase(env.DB), account.id);
  if (profile === undefined) throw new RegistryError('NOT_FOUND', 'This account is gone');
  return profile;
}
