// Owns sending pages: what a browser may do with them, and that nobody caches them.
import type { ErrorBody } from '@progy/protocol/wire/error-body.ts';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../app-env.ts';
import { FailurePage } from './failure.tsx';
import { STYLE_HASH } from './style.ts';

/** Sends a page. */
export async function sendPage(c: AppContext, page: unknown, status = 200): Promise<Response> {
  for (const [name, value] of Object.entries(headersOf(c))) c.header(name, value);
  return c.html(`<!doctype html>${await page}`, status as ContentfulStatusCode);
}

/** Shows an error of the table. */
export function sendFailure(c: AppContext, { error, requestId }: ErrorBody, status: number): Promise<Response> {
  return sendPage(c, FailurePage({ sentence: error, requestId }), status);
}

/** Sends the browser on, as the answer to a form. `from` are headers of Better-Auth that set or clear cookies. */
export function sendOn(c: AppContext, location: string, from: Headers = new Headers()): Response {
  for (const cookie of from.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
  c.header('Cache-Control', 'no-store');
  return c.redirect(location, 303);
}

/** Browsers apply form-action to what a form is redirected to, so GitHub is in it. */
function headersOf(c: AppContext): Record<string, string> {
  const { github } = c.var.context.settings;
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    'img-src data:',
    `form-action 'self'${github === undefined ? '' : ' https://github.com'}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    // Under no-referrer browsers would hide the origin of our own forms.
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    Vary: 'Accept',
  };
}
