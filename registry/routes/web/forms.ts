// Owns what the forms of the login pages do: each redirects to a page, so that reloading repeats nothing.
import { RegistryError } from '@progy/protocol/errors.ts';
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { z } from 'zod';
import type { AppContext } from '../../app-env.ts';
import { decide } from '../../domain/accounts/device-sign-in.ts';
import { chooseUsername } from '../../domain/accounts/visitors.ts';
import { acceptInvitation } from '../../domain/people/invitations.ts';
import { beginAccount, beginAtGitHub, beginSession, endSession } from '../../http/browser-session.ts';
import { readFields } from '../../http/read-text.ts';
import { pathWithCode } from '../../web/paths.ts';
import { sendOn } from '../../web/send-page.ts';
import { type Again, showSignIn, showSignUp, showUsername, visitorOf } from './login.ts';

const MAX_FORM_BYTES = 8 * 1024;

const line = z.string().trim().max(320).default('');
const formSchema = z.object({
  code: line,
  login: line,
  username: line,
  email: line,
  password: z.string().max(1_000).default(''),
  decision: z.enum(['approved', 'denied']).optional(),
});
type LoginForm = z.infer<typeof formSchema>;

export async function postSignIn(c: AppContext): Promise<Response> {
  const { code, login, password } = await readForm(c);
  const begun = beginSession(c.var.context, login, password);
  return begun.then(
    (headers) => sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code), headers),
    (error) => showSignIn(c, { ...againAfter(error), code, typed: { login } }),
  );
}

export async function postSignUp(c: AppContext): Promise<Response> {
  const { code, username, email, password } = await readForm(c);
  const begun = beginAccount(c.var.context, { username, email, password });
  return begun.then(
    (headers) => sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code), headers),
    (error) => showSignUp(c, { ...againAfter(error), code, typed: { username, email } }),
  );
}

export async function postUsername(c: AppContext): Promise<Response> {
  const { code, username } = await readForm(c);
  const visitor = await visitorOf(c);
  if (visitor === undefined) return showSignIn(c, { code });
  return chooseUsername(c.var.context, visitor, username).then(
    () => sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code)),
    (error) => showUsername(c, visitor, { ...againAfter(error), code, typed: { username } }),
  );
}

export async function postSignOut(c: AppContext): Promise<Response> {
  const { code } = await readForm(c);
  return sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code), await endSession(c.var.context, c.req.header('cookie') ?? ''));
}

export async function postGitHub(c: AppContext): Promise<Response> {
  const { code } = await readForm(c);
  const { url, headers } = await beginAtGitHub(c.var.context, pathWithCode(LOGIN_PAGE_PATH, code));
  return sendOn(c, url, headers);
}

export async function postDecision(c: AppContext): Promise<Response> {
  const { code, decision } = await readForm(c);
  if (decision === undefined) throw new RegistryError('INVALID_REQUEST', 'That form says neither approved nor denied');
  const visitor = await visitorOf(c);
  if (!visitor?.username) return sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code));
  await decide(c.var.context, { ...visitor, username: visitor.username }, code, decision);
  return sendOn(c, `${LOGIN_PAGE_PATH}/${decision}`);
}

/** Accepts an invitation. The page that it leads back to says what is next. */
export async function postAcceptance(c: AppContext): Promise<Response> {
  const { code } = await readForm(c);
  const visitor = await visitorOf(c);
  if (visitor?.username) await acceptInvitation(c.var.context, { ...visitor, username: visitor.username }, code);
  return sendOn(c, pathWithCode(LOGIN_PAGE_PATH, code));
}

/** @throws {RegistryError} PAYLOAD_TOO_LARGE; INVALID_REQUEST for what no form of ours sends. */
async function readForm(c: AppContext): Promise<LoginForm> {
  const form = formSchema.safeParse(await readFields(c, MAX_FORM_BYTES));
  if (!form.success) throw new RegistryError('INVALID_REQUEST', 'That form cannot be read');
  return form.data;
}

/** Errors that a person can correct are shown in the form that they filled in. */
function againAfter(error: unknown): Again {
  if (!(error instanceof RegistryError) || error.status >= 500) throw error;
  return { problem: error.message, status: error.status };
}
