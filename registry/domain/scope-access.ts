// Owns who may write to a scope: the account whose username it is, with a token that reaches the course.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { PackageName } from '@progy/protocol/package-name.ts';
import { type Actor, checkReaches } from './permissions.ts';

/**
 * @throws {RegistryError} FORBIDDEN; the sentence names the scope the account does own, or what the token is limited to.
 */
export function checkMayPublish(actor: Actor, name: PackageName): void {
  checkOwns(actor, name);
  checkReaches(actor, name);
}

function checkOwns(actor: Actor, name: PackageName): void {
  if (name.scope === actor.username) return;
  const message = `Permission denied: You do not own @${name.scope}. You are signed in as ${actor.username} and may publish to @${actor.username}`;
  throw new RegistryError('FORBIDDEN', message, { scope: name.scope, username: actor.username });
}
