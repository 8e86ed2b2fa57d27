// Owns turning every error into an answer: the table's status and JSON, or a logged 500 that reveals nothing.

import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { type ErrorBody, errorBody } from '@progy/protocol/wire/error-body.ts';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../app-env.ts';
import { toRegistryError } from '../domain/failures.ts';
import { withAnswerHeaders } from '../http/answer-headers.ts';
import { canonicalPath } from './package-name.ts';

/** npm asks for a new sign-in only on Bearer; with Basic it would mention a password (gitea #32048). */
const CHALLENGE = 'Bearer realm="progy"';

export function reportError(error: Error, c: AppContext): Response {
  const { body, status, headers } = failureOf(error, c.req.raw);
  return c.json(body, status as ContentfulStatusCode, headers);
}

/** The same for a request that no route has seen. */
export function failure(error: Error, request: Request): Response {
  const { body, status, headers } = failureOf(error, request);
  return Response.json(body, { status, headers: withAnswerHeaders(headers) });
}

function failureOf(error: Error, request: Request) {
  const known = toRegistryError(error);
  const { retryAfter, credential } = known.evidence;
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  // For a wrong password npm shows our sentence, unless a challenge makes it complain about the token.
  if (known.code === 'UNAUTHORIZED' && credential !== 'password')
    headers['WWW-Authenticate'] = challenge(known, request);
  if (typeof retryAfter === 'number') headers['Retry-After'] = String(retryAfter);
  const logged: Pick<ErrorBody, 'requestId'> = known.status >= 500 ? { requestId: log(error, request) } : {};
  const body: ErrorBody = { ...errorBody(known), ...logged };
  return { body, status: known.status, headers };
}

/** bun prints only the challenge, so it also says what is wrong with a token, as RFC 6750 allows. */
function challenge({ message }: RegistryError, { headers }: Request): string {
  if (!headers.has('authorization')) return CHALLENGE;
  return `${CHALLENGE}, error="invalid_token", error_description="${message.replace(/[^ !#-[\]-~]/g, '')}"`;
}

/** Logs a failure of the registry under an id that is also in the answer. npm's logout has a token in its path. */
function log(error: Error, request: Request): string {
  const id = request.headers.get('cf-ray') ?? crypto.randomUUID();
  const path = canonicalPath(request).replace(/progy_[0-9a-f]+/g, 'progy_…');
  console.error(`${id} ${request.method} ${path}:`, error, error.cause ?? '');
  return id;
}

/** Every address that is not in the list of routes. */
export function notFound(c: AppContext): Response {
  const message = `There is nothing at ${c.req.method} ${quote(c.req.path)}`;
  return reportError(new RegistryError('NOT_FOUND', message), c);
}
