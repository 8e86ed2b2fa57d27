// Owns people's browser sessions: Better-Auth stores them, and its headers set and clear their cookie.
import { RegistryError } from '@progy/protocol/errors.ts';
import { PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { type APIError, isAPIError } from 'better-auth/api';
import type { RequestContext } from '../context.ts';
import { type Credentials, createAccount } from '../domain/accounts/accounts.ts';
import { authOf } from '../domain/accounts/better-auth.ts';
import { wrongPassword } from '../domain/accounts/passwords.ts';
import { checkGitHub, findVisitor, type Visitor } from '../domain/accounts/visitors.ts';
import { GITHUB_SCOPE } from '../domain/portfolio/grants.ts';
import { limitRate } from '../domain/rights/rate-limits.ts';

/** The account id of the session in a request's headers. */
export async function accountOfSession(context: RequestContext, headers: Headers): Promise<string | undefined> {
  return (await authOf(context).api.getSession({ headers }))?.user.id;
}

/** The account of a cookie; undefined without one, and for banned accounts. */
export async function readVisitor(context: RequestContext, cookie: string | undefined): Promise<Visitor | undefined> {
  if (cookie === undefined) return undefined;
  const id = await accountOfSession(context, new Headers({ cookie }));
  return id === undefined ? undefined : findVisitor(context, id);
}

/**
 * Begins a session with a username, or an email address, and a password.
 * @returns the headers that set its cookie.
 * @throws {RegistryError} UNAUTHORIZED, FORBIDDEN for banned accounts, RATE_LIMITED.
 */
export async function beginSession(context: RequestContext, login: string, password: string): Promise<Headers> {
  await limitRate(context, 'login', login);
  const { api } = authOf(context);
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
 * Creates an account and begins a session.
 * @returns the headers that set its cookie.
 * @throws {RegistryError} NAME_TAKEN, INVALID_REQUEST, RATE_LIMITED.
 */
export async function beginAccount(context: RequestContext, credentials: Credentials): Promise<Headers> {
  await limitRate(context, 'address', 'sign-up');
  const { api } = authOf(context);
  const signedUp = await createAccount(context, credentials, (body) => api.signUpEmail({ body, returnHeaders: true }));
  return signedUp.headers;
}

/** Ends the session of a cookie. @returns the headers that clear it. */
export async function endSession(context: RequestContext, cookie: string): Promise<Headers> {
  return (await authOf(context).api.signOut({ headers: new Headers({ cookie }), returnHeaders: true })).headers;
}

/**
 * The GitHub page that asks a person to sign in, and the headers that set the cookie for their return.
 * @param back path to return to.
 * @throws {RegistryError} NOT_FOUND if it is not set up.
 */
export async function beginAtGitHub(context: RequestContext, back: string): Promise<{ url: string; headers: Headers }> {
  checkGitHub(context);
  const body = { provider: 'github', callbackURL: back, errorCallbackURL: back, disableRedirect: true } as const;
  const { headers, response } = await authOf(context).api.signInSocial({ body, returnHeaders: true });
  return { url: String(response.url), headers };
}

/**
 * The GitHub page that asks whether the registry may make repositories, and the headers that set the cookie for the return.
 * @param cookie of a session: the answer counts for its account.
 * @throws {RegistryError} NOT_FOUND if GitHub is not set up; RATE_LIMITED.
 */
export async function beginGrantAtGitHub(
  context: RequestContext,
  cookie: string,
): Promise<{ url: string; headers: Headers }> {
  checkGitHub(context);
  await limitRate(context, 'address', 'portfolio');
  const body = {
    provider: 'github',
    scopes: [GITHUB_SCOPE],
    callbackURL: `${PORTFOLIO_PAGE_PATH}/done`,
    errorCallbackURL: PORTFOLIO_PAGE_PATH,
    disableRedirect: true,
  };
  const begun = authOf(context).api.linkSocialAccount({ body, headers: new Headers({ cookie }), returnHeaders: true });
  const { headers, response } = await begun;
  return { url: String(response.url), headers };
}
