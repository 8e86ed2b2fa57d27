// Owns checking passwords.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RegistryContext } from '../../context.ts';
import { authOf } from './better-auth.ts';

/**
 * @param hash null for an account without a password, for which every password is wrong.
 * @throws {RegistryError} UNAUTHORIZED.
 */
export async function checkPassword(context: RegistryContext, hash: string | null, password: string): Promise<void> {
  const auth = await authOf(context).$context;
  const right = hash !== null && (await auth.password.verify({ hash, password }));
  if (!right) throw wrongPassword();
}

/** The evidence tells a wrong password from a wrong token. */
export function wrongPassword(): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'Wrong username or password', { credential: 'password' });
}
