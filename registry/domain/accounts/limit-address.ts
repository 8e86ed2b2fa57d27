// Owns slowing down what one address does to many accounts or codes.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { Env } from '../../env.ts';

/**
 * A classroom shares one address, so the limit is far above what its people do and far below what guessing needs.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function limitAddress(env: Env, address: string, what: string): Promise<void> {
  const { success } = await env.ADDRESS_LIMIT.limit({ key: `${address} ${what}` });
  if (!success)
    throw new RegistryError('RATE_LIMITED', 'Too many sign-ins from here; wait a minute', { retryAfter: 60 });
}
