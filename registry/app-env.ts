// Owns the types that Hono threads through every handler.
import type { Context, MiddlewareHandler } from 'hono';
import type { Actor } from './domain/rights/actor.ts';
import type { Env } from './env.ts';

export interface AppEnv {
  Bindings: Env;
  Variables: { actor: Actor };
}

export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;
