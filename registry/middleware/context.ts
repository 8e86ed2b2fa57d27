// Owns making the context of a request, behind which no code sees a binding.
import type { AppContext, AppMiddleware } from '../app-env.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { authenticate } from '../http/authenticate.ts';

/** Handlers find it as `c.var.context`. */
export const provideContext: AppMiddleware = async function provideContext(c, next) {
  c.set('context', requestContext(c));
  await next();
};

function requestContext(c: AppContext): RequestContext {
  const context: RequestContext = {
    ...contextOf(c.env),
    address: addressOf(c),
    reader: () => authenticate(context, c.req.raw.headers),
    later: (work) => c.executionCtx.waitUntil(work),
  };
  return context;
}

/** The edge sets it, so clients cannot forge it. Without an edge, it is this machine. */
function addressOf(c: AppContext): string {
  return c.req.header('cf-connecting-ip') ?? '127.0.0.1';
}
