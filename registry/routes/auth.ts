// Owns /api/auth/*: Better-Auth's own routes (email and password, username, bearer).
import type { AppContext } from '../app-env.ts';
import { authOf, limitLogins } from '../domain/accounts.ts';
import { clientOf } from '../middleware/account.ts';

export async function handleAuth(c: AppContext): Promise<Response> {
  // Better-Auth limits by address, and is told none.
  if (c.req.path.startsWith('/api/auth/sign-')) await limitLogins(c.env, `${clientOf(c)} ${c.req.path}`);
  return authOf(c.env).handler(c.req.raw);
}
