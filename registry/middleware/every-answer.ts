// Owns setting the headers of every answer, and answering pages that ask what they may.
import { cors } from 'hono/cors';
import type { AppMiddleware } from '../app-env.ts';
import { ALWAYS, EXPOSED, UNLESS_SET } from '../http/answer-headers.ts';

const preflight = cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'OPTIONS'], exposeHeaders: EXPOSED });

/** Sets them on the finished answer itself: Hono builds a new one for each header that it sets. */
export const everyAnswer: AppMiddleware = async function everyAnswer(c, next) {
  if (c.req.method === 'OPTIONS') c.res = (await preflight(c, async () => undefined)) ?? c.res;
  else await next();
  const { headers } = c.res;
  for (const [name, value] of Object.entries(ALWAYS)) headers.set(name, value);
  for (const [name, value] of Object.entries(UNLESS_SET)) if (!headers.has(name)) headers.set(name, value);
};
