// Owns sessions of people in a browser: Better-Auth keeps them, and its headers set and clear their cookie.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type APIError, isAPIError } from 'better-auth/api';
import { findVisitor, setUsername, type Visitor } from '../../database/accounts/visitors.ts';
import { isUniqueViolation, openDatabase } from '../../database/database.ts';
import { type Env, settingsOf } from '../../env.ts';
import { checkNameIsFree, checkScopeIsFree } from './account-names.ts';
import { type Credentials, createAccount } from './accounts.ts';
import { authOf } from './better-auth.ts';
import { limitAddress } from './limit-address.ts';
import { limitLogins, wrongPassword } from './passwords.ts';

export type { Visitor } from '../../database/accounts/visitors.ts';

/** Whoever a cookie stands for; undefined for nobody, and for accounts that are banned. */
export async function readVisitor(env: Env, cookie: string | undefined): Promise<Visitor | undefined> {
  if (cookie === undefined) return undefined;
  const session = await authOf(env).api.getSession({ headers: new Headers({ cookie }) });
  return session === null ? undefined : findVisitor(openDatabase(env.DB), session.user.id, new Date());
}

/**
 * Begins a session with a username, or an email address, and a password.
 * @returns the headers that set its cookie.
 * @throws {RegistryError} UNAUTHORIZED, FORBIDDEN for accounts that are banned, RATE_LIMITED.
 */
export async function beginSession(env: Env, login: string, password: string, client: string): Promise<Headers> {
  await limitLogins(env, `${client} ${login}`);
  const { api } = authOf(env);
  try {
    const signIn = login.includes('@')
      ? api.signInEmail({ body: { email: login, password }, returnHeaders: true })
      : api.signInUsername({ body: { username: login, password }, returnHeaders: true });
    return (await signIn).headers;
  } catch (error) {
    throw isAPIError(error) ? toSignInError(error as APIError) : error;
  }
}

function toSignInError({ body, statusCode }: APIError): RegistryError {
  return statusCode === 403 ? new RegistryError('FORBIDDEN', body?.message) : wrongPassword();
}

/**
 * Makes an account and begins a session of it.
 * @returns the headers that set its cookie.
 * @throws {RegistryError} NAME_TAKEN, INVALID_REQUEST, RATE_LIMITED.
 */
export async function beginAccount(env: Env, credentials: Credentials, client: string): Promise<Headers> {
  await limitAddress(env, client, 'sign-up');
  return (await createAccount(env, credentials)).headers;
}

/** Ends the session of a cookie. @returns the headers that clear it. */
export async function endSession(env: Env, cookie: string): Promise<Headers> {
  return (await authOf(env).api.signOut({ headers: new Headers({ cookie }), returnHeaders: true })).headers;
}

/**
 * The page of GitHub that asks a person, and the headers that set the cookie which brings them back.
 * @param back path to come back to.
 * @throws {RegistryError} NOT_FOUND where it is not set up.
 */
export async function beginAtGitHub(env: Env, back: string): Promise<{ url: string; headers: Headers }> {
  checkGitHub(env);
  const body = { provider: 'github', callbackURL: back, errorCallbackURL: back, disableRedirect: true } as const;
  const { headers, response } = await authOf(env).api.signInSocial({ body, returnHeaders: true });
  return { url: String(response.url), headers };
}

/** @throws {RegistryError} NOT_FOUND where the operator has not set it up. */
export function checkGitHub(env: Env): void {
  if (settingsOf(env).github === undefined)
    throw new RegistryError('NOT_FOUND', 'Signing in with GitHub is not set up on this registry');
}

/**
 * Gives an account that came from GitHub its username, once and for good.
 * @throws {RegistryError} INVALID_REQUEST, NAME_TAKEN.
 */
export async function chooseUsername(env: Env, visitor: Visitor, name: string): Promise<void> {
  await checkNameIsFree(env, name);
  try {
    await setUsername(openDatabase(env.DB), visitor.id, name, new Date());
  } catch (error) {
    // Somebody else was faster. The triggers fill the constraint that says so.
    if (isUniqueViolation(error, 'registry_scopes')) await checkScopeIsFree(env, name);
    throw error;
  }
}
