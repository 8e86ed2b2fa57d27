// Owns the types that Hono threads through every handler.
import type { Context, MiddlewareHandler } from 'hono';
import type { Account } from './domain/accounts.ts';
import type { Env } from './env.ts';

export interface AppEnv {
  Bindings: Env;
  Variables: { account: Account };
}

export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;
