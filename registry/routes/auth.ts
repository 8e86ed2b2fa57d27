// Owns /api/auth/*: Better-Auth's own routes (email and password, username, bearer).
import type { AppContext } from '../app-env.ts';
import { authOf } from '../domain/accounts.ts';

export function handleAuth(c: AppContext): Promise<Response> {
  return authOf(c.env).handler(c.req.raw);
}
