// Owns npm's login in a browser (`npm login`, the default since npm 9): two addresses over the sign-ins of device.ts.
import { RegistryError } from '@progy/protocol/errors.ts';
import { LOGIN_PAGE_PATH, SIGN_UP_PAGE_PATH, WEB_LOGIN_DONE_PATH } from '@progy/protocol/wire/urls.ts';
import type { AppContext } from '../../../app-env.ts';
import { REFUSAL_SENTENCES, type Refusal, redeem, startSignIn } from '../../../domain/accounts/device-sign-in.ts';
import { readJson } from '../../../http/read-json.ts';
import { whoAsks } from '../../../http/who-asks.ts';
import { pathWithCode } from '../../../web/paths.ts';

/** npm sends no client id; this keeps its codes apart from those of RFC 8628. */
const CLIENT_ID = 'npm';
const MAX_BODY_BYTES = 8 * 1024;
const RETRY_AFTER_SECONDS = '2';
const NO_STORE = { 'Cache-Control': 'no-store' };

/** POST /-/v1/login. The body is `{}`; `npm adduser` of npm 11 and before sends `{"create":true}`. */
export async function postWebLogin(c: AppContext): Promise<Response> {
  const body = (await readJson(c, MAX_BODY_BYTES)) as { create?: unknown } | null | undefined;
  const started = await startSignIn(c.var.context, CLIENT_ID, whoAsks(c, { otherwise: 'an npm client' }));
  const { origin } = c.var.context.settings;
  const page = body?.create === true ? SIGN_UP_PAGE_PATH : LOGIN_PAGE_PATH;
  const loginUrl = origin + pathWithCode(page, started.userCode);
  const doneUrl = `${origin}${WEB_LOGIN_DONE_PATH}?session=${started.deviceCode}`;
  return c.json({ loginUrl, doneUrl }, 200, NO_STORE);
}

/** GET /-/v1/done?session=…: 202 until somebody decided, then the token, once. */
export async function getWebLoginDone(c: AppContext): Promise<Response> {
  const redeemed = await redeem(c.var.context, c.req.query('session') ?? '', CLIENT_ID);
  if ('token' in redeemed) return c.json({ token: redeemed.token }, 200, NO_STORE);
  if (isWaiting(redeemed.refusal)) return c.json({}, 202, { ...NO_STORE, 'Retry-After': RETRY_AFTER_SECONDS });
  throw refusalFor(c, redeemed.refusal);
}

function isWaiting(refusal: Refusal): boolean {
  return refusal === 'authorization_pending' || refusal === 'slow_down';
}

/** npm takes any 4xx here to mean "no web login" and asks for a username; it shows our sentence only in a notice. */
function refusalFor(c: AppContext, refusal: Refusal): RegistryError {
  const sentence = REFUSAL_SENTENCES[refusal];
  c.header('npm-notice', `${sentence}. Run the command again to sign in`);
  return new RegistryError(refusal === 'access_denied' ? 'FORBIDDEN' : 'NOT_FOUND', sentence);
}
