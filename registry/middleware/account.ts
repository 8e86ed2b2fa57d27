// Owns who a request acts for.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext, AppMiddleware } from '../app-env.ts';
import { authenticate } from '../domain/accounts/authenticate.ts';
import { type Actor, checkMayWrite } from '../domain/rights/actor.ts';
import type { WhoIsReading } from '../domain/rights/visible-package.ts';

/** Lets only signed-in requests pass, before a byte of their body is read; handlers find who it is as `c.var.actor`. */
export const requireAccount: AppMiddleware = async function requireAccount(c, next) {
  c.set('actor', await signedIn(c));
  await next();
};

/** Like {@link requireAccount}, for what changes something: a read-only token does not pass. */
export const requireWriter: AppMiddleware = async function requireWriter(c, next) {
  const actor = await signedIn(c);
  checkMayWrite(actor);
  c.set('actor', actor);
  await next();
};

/** Who is reading, asked only when it matters. */
export function readerOf(c: AppContext): WhoIsReading {
  return () => actorOf(c);
}

async function signedIn(c: AppContext): Promise<Actor> {
  const actor = await actorOf(c);
  if (actor === undefined) throw new RegistryError('UNAUTHORIZED', 'Sign in first with: npm login, or progy login');
  return actor;
}

function actorOf(c: AppContext): Promise<Actor | undefined> {
  return authenticate(c.env, c.req.raw.headers, addressOf(c), c.executionCtx);
}

/**
 * Where a request comes from, as the edge says, which lets nobody choose it; only for limits, never stored. Without an
 * edge, this machine.
 */
export function addressOf(c: AppContext): string {
  return c.req.header('cf-connecting-ip') ?? '127.0.0.1';
}
