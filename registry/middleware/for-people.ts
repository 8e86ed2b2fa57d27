// Owns what pages for people have in common: only browsers get them, only their own forms change anything, and errors
// are pages too.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { ErrorBody } from '@progy/protocol/wire/error-body.ts';
import type { AppContext, AppMiddleware } from '../app-env.ts';
import { sendFailure } from '../web/send-page.ts';
import { notFound } from './report-error.ts';

/** npm looks for unscoped packages at the same addresses: requests that do not accept HTML get JSON. */
export const forPeople: AppMiddleware = async function forPeople(c, next) {
  if (!c.req.header('accept')?.includes('text/html')) {
    c.res = notFound(c);
    return;
  }
  await next();
  if (c.error === undefined) return;
  const { status } = c.res;
  c.res = await sendFailure(c, (await c.res.json()) as ErrorBody, status);
};

/**
 * For forms: they come from our pages. Browsers name the page's origin with every POST, and no page can choose it.
 * @throws {RegistryError} FORBIDDEN.
 */
export const fromOurPage: AppMiddleware = async function fromOurPage(c, next) {
  checkOrigin(c);
  await next();
};

function checkOrigin(c: AppContext): void {
  const { origin } = c.var.context.settings;
  if (c.req.header('origin') === origin) return;
  throw new RegistryError('FORBIDDEN', `This form was not sent from a page of ${origin}. Open ${origin}/login`);
}
