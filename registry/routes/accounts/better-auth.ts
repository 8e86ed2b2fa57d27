// Owns /api/auth/*: which of Better-Auth's own routes are open, with errors in the same form as all others.
import { ERRORS, type ErrorCode, isErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../../app-env.ts';
import { authOf } from '../../domain/accounts/better-auth.ts';
import { checkGitHub } from '../../domain/accounts/visitors.ts';
import { limitRate } from '../../domain/rights/rate-limits.ts';
import { parseJson } from '../../http/read-json.ts';
import { readText } from '../../http/read-text.ts';
import { notFound } from '../../middleware/report-error.ts';

const BASE = '/api/auth';

/**
 * The open routes. Routes that change an organization, or anything about an account that others rely on, are not here:
 * our own routes make those changes and write the audit log. Routes that show members each other's email are not either.
 */
export const OPEN: ReadonlySet<string> = new Set([
  'POST /sign-up/email',
  'POST /sign-in/email',
  'POST /sign-in/username',
  'POST /sign-in/social',
  'GET /callback/github',
  'POST /sign-out',
  'GET /get-session',
  'GET /organization/list',
  'GET /admin/list-users',
]);
const OF_GITHUB = new Set(['/sign-in/social', '/callback/github']);

/** No form of theirs is longer. */
const MAX_BODY_BYTES = 64 * 1024;

/** Passes a request on to Better-Auth if its route is open. */
export async function handleAuth(c: AppContext): Promise<Response> {
  const path = c.req.path.slice(BASE.length);
  if (!OPEN.has(`${c.req.method} ${path}`)) return notFound(c);
  if (OF_GITHUB.has(path)) checkGitHub(c.var.context);
  // Better-Auth limits by address, and we give it none.
  if (path.startsWith('/sign-')) await limitRate(c.var.context, 'login', c.req.path);
  const answer = await authOf(c.var.context).handler(await heldRequest(c));
  if (answer.status >= 400) throw await toRegistryError(answer);
  return answer;
}

/**
 * The request with its body read: Better-Auth has no limit of its own, and fails on JSON that is not an object.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE, INVALID_REQUEST.
 */
async function heldRequest(c: AppContext): Promise<Request> {
  const { url, method, headers } = c.req.raw;
  const text = await readText(c, MAX_BODY_BYTES);
  if (text === '') return new Request(url, { method, headers });
  const json = parseJson(text);
  if (json !== undefined && !isObject(json))
    throw new RegistryError('INVALID_REQUEST', 'The body is not a JSON object');
  return new Request(url, { method, headers, body: text });
}

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

async function toRegistryError(answer: Response): Promise<RegistryError> {
  const { code: reason, message } = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
  const code = isErrorCode(reason) ? reason : codeFor(answer.status, reason);
  // Better-Auth has logged what happened; its sentence may reveal too much.
  if (ERRORS[code].status >= 500) return new RegistryError(code);
  const credential = reason?.startsWith('INVALID_') && code === 'UNAUTHORIZED' ? { credential: 'password' } : {};
  return new RegistryError(code, message, { ...credential, ...(reason === undefined ? {} : { reason }) });
}

function codeFor(status: number, reason = ''): ErrorCode {
  if (/ALREADY|TAKEN/.test(reason)) return 'NAME_TAKEN';
  const known: Partial<Record<number, ErrorCode>> = {
    401: 'UNAUTHORIZED',
    403: 'FORBIDDEN',
    404: 'NOT_FOUND',
    413: 'PAYLOAD_TOO_LARGE',
    429: 'RATE_LIMITED',
  };
  return known[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_REQUEST');
}
