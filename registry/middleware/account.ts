// Owns refusing requests that are not signed in.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext, AppMiddleware } from '../app-env.ts';
import { type SignedInContext, signedInAs } from '../context.ts';
import { checkMayWrite } from '../domain/rights/actor.ts';

/** Lets only signed-in requests pass, before any of the body is read; handlers find the account in `c.var.signedIn`. */
export const requireAccount: AppMiddleware = async function requireAccount(c, next) {
  c.set('signedIn', await signedIn(c));
  await next();
};

/** Like {@link requireAccount}, for writes: refuses read-only tokens. */
export const requireWriter: AppMiddleware = async function requireWriter(c, next) {
  const context = await signedIn(c);
  checkMayWrite(context.actor);
  c.set('signedIn', context);
  await next();
};

async function signedIn(c: AppContext): Promise<SignedInContext> {
  const { context } = c.var;
  const actor = await context.reader();
  if (actor === undefined) throw new RegistryError('UNAUTHORIZED', 'Sign in first with: npm login, or progy login');
  return signedInAs(context, actor);
}
