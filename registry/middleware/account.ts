// Owns who a request acts for.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext, AppMiddleware } from '../app-env.ts';
import { type Account, authenticate } from '../domain/accounts.ts';
import type { WhoIsReading } from '../domain/visible-package.ts';

/** Lets only signed-in requests pass, before a byte of their body is read; handlers find the account as `c.var.account`. */
export const requireAccount: AppMiddleware = async function requireAccount(c, next) {
  const account = await accountOf(c);
  if (account === undefined) throw new RegistryError('UNAUTHORIZED', 'Sign in first: this needs a token');
  c.set('account', account);
  await next();
};

/** Who is reading, asked only when it matters. */
export function readerOf(c: AppContext): WhoIsReading {
  return () => accountOf(c);
}

function accountOf(c: AppContext): Promise<Account | undefined> {
  return authenticate(c.env, c.req.raw.headers, c.executionCtx);
}

/** Where a request comes from, as the edge says; only for limits, never stored. */
export function clientOf(c: AppContext): string {
  return c.req.header('cf-connecting-ip') ?? 'local';
}
