// Owns checking passwords: slowly for those who guess.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { Env } from '../../env.ts';
import { authOf } from './better-auth.ts';

/**
 * Slows the guessing of passwords.
 * @param key who tries, and what.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function limitLogins(env: Env, key: string): Promise<void> {
  const { success } = await env.LOGIN_LIMIT.limit({ key });
  if (!success) throw new RegistryError('RATE_LIMITED', 'Too many sign-ins; wait a minute', { retryAfter: 60 });
}

/**
 * @param hash null for an account without a password, which no password opens.
 * @throws {RegistryError} UNAUTHORIZED.
 */
export async function checkPassword(env: Env, hash: string | null, password: string): Promise<void> {
  const context = await authOf(env).$context;
  const right = hash !== null && (await context.password.verify({ hash, password }));
  if (!right) throw wrongPassword();
}

/** The evidence tells a wrong password from a wrong token. */
export function wrongPassword(): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'Wrong user name or password', { credential: 'password' });
}
