// Owns /-/npm/v1/tokens: what `npm token` lists, creates and revokes.
import { RegistryError } from '@progy/protocol/errors.ts';
import { TOKENS_PATH } from '@progy/protocol/wire/urls.ts';
import { z } from 'zod';
import type { AppContext } from '../../../app-env.ts';
import {
  createToken,
  listTokens,
  noSuchToken,
  type Page,
  revokeToken,
  type TokenRow,
} from '../../../domain/accounts/tokens.ts';
import { readJson } from '../../../http/read-json.ts';
import { parseTokenRequest } from './token-request.ts';

const MAX_BODY_BYTES = 64 * 1024;
const PER_PAGE = 100;
const PRIVATE = { 'Cache-Control': 'private, no-store' };

const pageSchema = z.object({
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  perPage: z.coerce.number().int().min(1).max(PER_PAGE).default(PER_PAGE),
});

/** GET: the valid tokens. npm follows `urls.next`, and breaks without `urls`. */
export async function getTokens(c: AppContext): Promise<Response> {
  const page = pageIn(c);
  const { rows, total } = await listTokens(c.var.signedIn, page);
  const objects = rows.map((row) => ({ ...described(row), current: row.id === c.var.signedIn.actor.tokenId }));
  return c.json({ objects, total, urls: nextUrl(page, total) }, 200, PRIVATE);
}

function pageIn(c: AppContext): Page {
  const result = pageSchema.safeParse(c.req.query());
  if (result.success) return result.data;
  throw new RegistryError('INVALID_REQUEST', `"page" counts from 0, "perPage" is at most ${PER_PAGE}`);
}

function nextUrl({ page, perPage }: Page, total: number): { next?: string } {
  const done = (page + 1) * perPage >= total;
  return done ? {} : { next: `${TOKENS_PATH}?page=${page + 1}&perPage=${perPage}` };
}

/** POST: makes a token. Only this answer contains all of it. */
export async function postToken(c: AppContext): Promise<Response> {
  const { password, plan } = parseTokenRequest(await readJson(c, MAX_BODY_BYTES));
  const { token, row } = await createToken(c.var.signedIn, password, plan);
  return c.json({ ...described(row), token }, 201, PRIVATE);
}

/** DELETE …/token/<key, or the whole token>. */
export async function deleteToken(c: AppContext): Promise<Response> {
  if (!(await revokeToken(c.var.signedIn, c.req.param('token') ?? ''))) throw noSuchToken();
  return c.body(null, 204);
}

/** A token as npm shows it. `token` is its start: npm takes what was typed for a token if it begins like one. */
function described({ id, name, shown, createdAt, readonly, cidrs, courses, expiresAt, lastUsedAt }: TokenRow) {
  return {
    token: shown,
    key: id,
    name,
    created: createdAt,
    readonly,
    cidr_whitelist: cidrs,
    ...(courses === null ? {} : byKind(courses)),
    expires: expiresAt,
    lastUsed: lastUsedAt,
  };
}

function byKind(courses: readonly string[]) {
  return {
    scopes: courses.filter((course) => !course.includes('/')),
    packages: courses.filter((course) => course.includes('/')),
  };
}
