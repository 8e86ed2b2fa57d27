// Owns the headers that keep a browser from acting on what authors uploaded.
import type { AppMiddleware } from '../app-env.ts';

export const safeHeaders: AppMiddleware = async function safeHeaders(c, next) {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
  c.header('Referrer-Policy', 'no-referrer');
};
