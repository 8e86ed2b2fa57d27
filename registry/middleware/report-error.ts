// Owns turning every error into an answer: the table's status and JSON, or a logged 500 that reveals nothing.

import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { type ErrorBody, errorBody } from '@progy/protocol/wire/error-body.ts';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../app-env.ts';
import { toRegistryError } from '../domain/failures.ts';

/** npm asks for a new sign-in only on Bearer; with Basic it would mention a password (gitea #32048). */
const CHALLENGE = 'Bearer realm="progy"';

export function reportError(error: Error, c: AppContext): Response {
  const known = toRegistryError(error);
  const { retryAfter, credential } = known.evidence;
  c.header('Cache-Control', 'no-store');
  // For a wrong password npm shows our sentence, unless a challenge makes it complain about the token.
  if (known.code === 'UNAUTHORIZED' && credential !== 'password') c.header('WWW-Authenticate', challenge(known, c));
  if (typeof retryAfter === 'number') c.header('Retry-After', String(retryAfter));
  const logged: Pick<ErrorBody, 'requestId'> = known.status >= 500 ? { requestId: log(error, c) } : {};
  const body: ErrorBody = { ...errorBody(known), ...logged };
  return c.json(body, known.status as ContentfulStatusCode);
}

/** bun prints only the challenge, so it also says what is wrong with a token, as RFC 6750 allows. */
function challenge({ message }: RegistryError, c: AppContext): string {
  if (c.req.header('authorization') === undefined) return CHALLENGE;
  return `${CHALLENGE}, error="invalid_token", error_description="${message.replace(/[^ !#-[\]-~]/g, '')}"`;
}

/** Logs a failure of the registry under an id that is also in the answer. npm's logout has a token in its path. */
function log(error: Error, c: AppContext): string {
  const id = c.req.header('cf-ray') ?? crypto.randomUUID();
  const path = c.req.path.replace(/progy_[0-9a-f]+/g, 'progy_…');
  console.error(`${id} ${c.req.method} ${path}:`, error, error.cause ?? '');
  return id;
}

/** Every address that is not in the list of routes. */
export function notFound(c: AppContext): Response {
  const message = `There is nothing at ${c.req.method} ${quote(c.req.path)}`;
  return reportError(new RegistryError('NOT_FOUND', message), c);
}
