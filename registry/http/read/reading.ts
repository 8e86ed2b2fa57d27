// Owns what an answer to a read depends on: the request, and the context it is answered in.
import type { AppContext } from '../../app-env.ts';
import type { RequestContext } from '../../context.ts';

/** A request to read. Whoever answers it needs no route: see short-way.ts. */
export interface Reading {
  readonly request: Request;
  readonly context: RequestContext;
}

/** The read that a route has been asked for. */
export function readingOf(c: AppContext): Reading {
  return { request: c.req.raw, context: c.var.context };
}
