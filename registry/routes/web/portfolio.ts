// Owns the pages /portfolio/github: a student lets the registry make a repository at GitHub.
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import type { AppContext } from '../../app-env.ts';
import { checkOffered } from '../../domain/portfolio/ensure-repo.ts';
import { beginGrantAtGitHub } from '../../http/browser-session.ts';
import { rememberPortfolio } from '../../http/portfolio-cookie.ts';
import { PortfolioPage, PortfolioReadyPage } from '../../web/portfolio/portfolio.tsx';
import { sendOn, sendPage } from '../../web/send-page.ts';
import { visitorOf } from './login.ts';

/** What Better-Auth and GitHub call what can go wrong, and what a person reads. */
const PROBLEMS: Readonly<Record<string, string>> = {
  access_denied: 'You did not allow it at GitHub. Nothing was changed.',
  account_already_linked_to_different_user: 'That account at GitHub belongs to another account of this registry.',
};
const OTHER_PROBLEM = 'It did not work at GitHub. Try again.';

/** GET /portfolio/github. GitHub sends people back here with `error` if it went wrong. Others sign in first. */
export async function getPortfolio(c: AppContext): Promise<Response> {
  checkOffered(c.var.context);
  const visitor = await visitorOf(c);
  if (!visitor?.username) return signInFirst(c);
  const failed = c.req.query('error');
  const problem = failed === undefined ? undefined : (PROBLEMS[failed] ?? OTHER_PROBLEM);
  return sendPage(c, PortfolioPage({ username: visitor.username, problem }));
}

/** POST /portfolio/github. */
export async function postPortfolio(c: AppContext): Promise<Response> {
  checkOffered(c.var.context);
  if (!(await visitorOf(c))?.username) return signInFirst(c);
  const { url, headers } = await beginGrantAtGitHub(c.var.context, c.req.header('cookie') ?? '');
  return sendOn(c, url, headers);
}

/** GET /portfolio/github/done. */
export function getPortfolioDone(c: AppContext): Promise<Response> {
  checkOffered(c.var.context);
  return sendPage(c, PortfolioReadyPage());
}

function signInFirst(c: AppContext): Response {
  rememberPortfolio(c);
  return sendOn(c, LOGIN_PAGE_PATH);
}
