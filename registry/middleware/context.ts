// Owns making the context of a request, behind which no code sees a binding.
import type { AppMiddleware } from '../app-env.ts';
import { contextOf, type RequestContext } from '../context.ts';
import type { Env } from '../env.ts';
import { authenticate } from '../http/authenticate.ts';

/** Runs work after the answer. */
type Later = RequestContext['later'];

/** Handlers find it as `c.var.context`. */
export const provideContext: AppMiddleware = async function provideContext(c, next) {
  c.set(
    'context',
    requestContext(c.req.raw, c.env, (work) => c.executionCtx.waitUntil(work)),
  );
  await next();
};

/** @throws {Error} as {@link contextOf}. */
export function requestContext({ headers }: Request, env: Env, later: Later): RequestContext {
  const context: RequestContext = {
    ...contextOf(env),
    address: addressIn(headers),
    reader: () => authenticate(context, headers),
    later,
  };
  return context;
}

/** The edge sets it, so clients cannot forge it. Without an edge, it is this machine. */
function addressIn(headers: Headers): string {
  return headers.get('cf-connecting-ip') ?? '127.0.0.1';
}
