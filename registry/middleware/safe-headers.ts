// Owns the headers that keep a browser from acting on what authors uploaded.
import type { AppMiddleware } from '../app-env.ts';

/** For everything but pages, which have their own policy. */
const SAFE = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
};

export const safeHeaders: AppMiddleware = async function safeHeaders(c, next) {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
  for (const [name, value] of Object.entries(SAFE)) if (!c.res.headers.has(name)) c.header(name, value);
};
