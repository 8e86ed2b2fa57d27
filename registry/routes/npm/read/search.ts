// Owns GET /-/v1/search: what `npm search`, `pnpm search` and `progy search` ask.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SearchAnswer } from '@progy/protocol/wire/search-answer.ts';
import { z } from 'zod';
import type { AppContext } from '../../../app-env.ts';
import { type SearchQuery, searchCourses, type Window } from '../../../domain/read/search.ts';
import { parseSearchText } from '../../../domain/read/search-query.ts';
import { limitRate } from '../../../domain/rights/rate-limits.ts';
import { answer } from '../../../http/answer.ts';

const MAX_TEXT = 1_000;
const DEFAULT_SIZE = 20;
/** npm's limit; requests for more get this many. */
const MAX_SIZE = 250;
/** Results change slowly, and a class searches for the same words. */
const CACHING = 'public, max-age=60';

/** Ignores npm's weights (quality, popularity, maintenance), as npm's own registry does: there is one ranking for all. */
const searchSchema = z.object({
  text: z.string().trim().min(1).max(MAX_TEXT),
  size: z.coerce.number().int().min(0).default(DEFAULT_SIZE),
  from: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export async function getSearch(c: AppContext): Promise<Response> {
  const { query, window } = searchIn(c);
  await limitRate(c.var.context, 'search');
  const found = await searchCourses(c.var.context, query, window);
  return answer<SearchAnswer>(c, found, 200, { 'Cache-Control': CACHING });
}

/** @throws {RegistryError} INVALID_REQUEST. */
function searchIn(c: AppContext): { query: SearchQuery; window: Window } {
  const result = searchSchema.safeParse(c.req.query());
  if (!result.success) throw refusal(String(result.error.issues[0]?.path[0]));
  const { text, size, from } = result.data;
  return { query: parseSearchText(text), window: { size: Math.min(size, MAX_SIZE), from } };
}

function refusal(path: string): RegistryError {
  const message =
    path === 'text'
      ? `Say what to look for in 1 to ${MAX_TEXT} characters, such as text=rust or text=scope:diego`
      : '"size" and "from" must be whole numbers, 0 or more';
  return new RegistryError('INVALID_REQUEST', message, { path });
}
