// Owns remembering that somebody who signs in was on the way to the page about GitHub.
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../app-env.ts';

const NAME = 'progy.portfolio';
/** Seconds. */
const LIFETIME = 600;

export function rememberPortfolio(c: AppContext): void {
  const secure = c.var.context.settings.origin.startsWith('https:');
  setCookie(c, NAME, '1', { path: LOGIN_PAGE_PATH, httpOnly: true, sameSite: 'Lax', maxAge: LIFETIME, secure });
}

/** Whether they were, once. */
export function wasOnTheWayToPortfolio(c: AppContext): boolean {
  if (getCookie(c, NAME) === undefined) return false;
  deleteCookie(c, NAME, { path: LOGIN_PAGE_PATH });
  return true;
}
