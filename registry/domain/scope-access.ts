// Owns who may write to a scope: the account whose username it is.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { PackageName } from '@progy/protocol/package-name.ts';
import type { Account } from './accounts.ts';

/**
 * @throws {RegistryError} FORBIDDEN; the sentence names the scope the account does own.
 */
export function checkMayPublish(account: Account, name: PackageName): void {
  if (name.scope === account.username) return;
  const message = `Permission denied: You do not own @${name.scope}. You are signed in as ${account.username} and may publish to @${account.username}`;
  throw new RegistryError('FORBIDDEN', message, { scope: name.scope, username: account.username });
}
