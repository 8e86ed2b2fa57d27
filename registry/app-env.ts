// Owns the types that Hono threads through every handler.
import type { Context, MiddlewareHandler } from 'hono';
import type { RequestContext, SignedInContext } from './context.ts';
import type { Env } from './env.ts';

export interface AppEnv {
  Bindings: Env;
  Variables: {
    context: RequestContext;
    /** Only behind `requireAccount` or `requireWriter`. */
    signedIn: SignedInContext;
  };
}

export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;
