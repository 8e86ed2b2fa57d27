// Owns /api/auth/*: Better-Auth's own routes (email and password, username, bearer).
import type { AppContext } from '../app-env.ts';
import { authOf } from '../domain/better-auth.ts';
import { limitLogins } from '../domain/passwords.ts';
import { addressOf } from '../middleware/account.ts';

export async function handleAuth(c: AppContext): Promise<Response> {
  // Better-Auth limits by address, and is told none.
  if (c.req.path.startsWith('/api/auth/sign-')) await limitLogins(c.env, `${addressOf(c)} ${c.req.path}`);
  return authOf(c.env).handler(c.req.raw);
}
