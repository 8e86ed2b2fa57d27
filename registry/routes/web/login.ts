// Owns the pages /login and /signup: what a visitor sees depends on who they are and which sign-in they came about.
import { LOGIN_PAGE_PATH, PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import type { AppContext } from '../../app-env.ts';
import { readWaiting, spellUserCode } from '../../domain/accounts/device-sign-in.ts';
import type { Visitor } from '../../domain/accounts/visitors.ts';
import { ended, isInvitationCode, isReader, readInvitation } from '../../domain/people/invitations.ts';
import { readVisitor } from '../../http/browser-session.ts';
import { wasOnTheWayToPortfolio } from '../../http/portfolio-cookie.ts';
import { pathWithCode } from '../../web/paths.ts';
import { sendOn, sendPage } from '../../web/send-page.ts';
import { ApprovalPage, ApprovedPage, CodePage, DeniedPage } from '../../web/sign-in/approval.tsx';
import { InvitationPage } from '../../web/sign-in/invitation.tsx';
import { type FormProps, SignInPage, SignUpPage, UsernamePage } from '../../web/sign-in/sign-in.tsx';

/** A visitor with a username. */
interface Account {
  id: string;
  username: string;
}

const NOT_WAITING = 'This code has been used or has expired. Run the command again for a new one.';
/** Better-Auth's code for a GitHub account whose email address an account here already has. */
const NOT_LINKED = 'account_not_linked';
const EMAIL_TAKEN =
  'An account with the email address of your GitHub account already exists. Sign in with its password.';
const GITHUB_FAILED = 'Signing in with GitHub did not work. Try again, or sign in with a password.';

/** GET /login[?code=ABCD-EFGH]. GitHub sends people back here, with `error` if it went wrong. */
export async function getLogin(c: AppContext): Promise<Response> {
  const visitor = await visitorOf(c);
  const failed = c.req.query('error');
  if (failed !== undefined) return showSignIn(c, { problem: failed === NOT_LINKED ? EMAIL_TAKEN : GITHUB_FAILED });
  if (visitor === undefined) return showSignIn(c);
  if (visitor.username === null) return showUsername(c, visitor);
  if (wasOnTheWayToPortfolio(c)) return sendOn(c, PORTFOLIO_PAGE_PATH);
  return showApproval(c, { ...visitor, username: visitor.username });
}

/** GET /signup[?code=ABCD-EFGH]. Whoever has an account need not make one. */
export async function getSignUp(c: AppContext): Promise<Response> {
  const visitor = await visitorOf(c);
  return visitor === undefined ? showSignUp(c) : sendOn(c, pathWithCode(LOGIN_PAGE_PATH, c.req.query('code') ?? ''));
}

/** GET /login/approved. */
export async function getApproved(c: AppContext): Promise<Response> {
  const visitor = await visitorOf(c);
  return sendPage(c, ApprovedPage({ username: visitor?.username ?? undefined }));
}

/** GET /login/denied. */
export function getDenied(c: AppContext): Promise<Response> {
  return sendPage(c, DeniedPage());
}

/** What a form is shown with again, and the status that says why. */
export interface Again extends Partial<FormProps> {
  status?: number;
}

export async function showSignIn(c: AppContext, { status, ...again }: Again = {}): Promise<Response> {
  const form = await formFor(c, again);
  return sendPage(c, SignInPage(form), status);
}

export async function showSignUp(c: AppContext, { status, ...again }: Again = {}): Promise<Response> {
  const form = await formFor(c, again);
  return sendPage(c, SignUpPage(form), status);
}

export async function showUsername(c: AppContext, { name }: Visitor, { status, ...again }: Again = {}) {
  const form = await formFor(c, again);
  return sendPage(c, UsernamePage({ ...form, name }), status);
}

async function showApproval(c: AppContext, account: Account): Promise<Response> {
  const { username } = account;
  const typed = c.req.query('code');
  if (typed === undefined) return sendPage(c, CodePage({ username, typed: '' }));
  if (isInvitationCode(typed)) return showInvitation(c, account, typed);
  const waiting = await readWaiting(c.var.context, typed);
  if (waiting === undefined) return sendPage(c, CodePage({ username, typed: '', problem: NOT_WAITING }), 404);
  const { userCode, asking } = waiting;
  if (asking === null) throw new Error('A sign-in waits and nobody noted what asks');
  const { address } = c.var.context;
  return sendPage(c, ApprovalPage({ username, code: spellUserCode(userCode), asking, ownAddress: address }));
}

async function showInvitation(c: AppContext, { id, username }: Account, code: string): Promise<Response> {
  const { context } = c.var;
  const invitation = await readInvitation(context, code);
  if (invitation === undefined) throw ended();
  const isIn = await isReader(context, invitation, id);
  if (!isIn && invitation.isFull) throw ended();
  const { origin } = context.settings;
  return sendPage(
    c,
    InvitationPage({ username, code, name: invitation.name, by: invitation.by, isReader: isIn, origin }),
  );
}

export function visitorOf(c: AppContext): Promise<Visitor | undefined> {
  return readVisitor(c.var.context, c.req.header('cookie'));
}

/** Visitors who are not signed in see only which program is waiting. */
async function formFor(c: AppContext, again: Partial<FormProps>): Promise<FormProps> {
  const typed = again.code ?? c.req.query('code') ?? '';
  if (isInvitationCode(typed)) return formForInvited(c, again, typed);
  const waiting = typed === '' ? undefined : await readWaiting(c.var.context, typed);
  const { github } = c.var.context.settings;
  return {
    problem: typed !== '' && waiting === undefined ? NOT_WAITING : undefined,
    ...again,
    code: waiting === undefined ? '' : spellUserCode(waiting.userCode),
    program: waiting?.asking?.program,
    github: github !== undefined,
  };
}

/** Strangers do not see which course it is. */
async function formForInvited(c: AppContext, again: Partial<FormProps>, code: string): Promise<FormProps> {
  const isOpen = (await readInvitation(c.var.context, code)) !== undefined;
  const { github } = c.var.context.settings;
  return {
    problem: isOpen ? undefined : ended().message,
    ...again,
    code,
    isInvited: isOpen,
    github: github !== undefined,
  };
}
