// Owns the rules for every new account, however it is created.
import { RegistryError } from '@progy/protocol/errors.ts';
import { APIError } from 'better-auth/api';
import type { RegistryContext } from '../../context.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';
import { checkNameIsFree } from './account-names.ts';

/**
 * Runs before an account is stored. One that comes from GitHub has no username yet.
 * @throws {APIError} with a code of the table.
 */
export async function checkNewAccount(
  context: RegistryContext,
  user: { email: string; username?: unknown },
): Promise<void> {
  const { email, username } = user;
  try {
    if (typeof username === 'string') await checkNameIsFree(context, username);
    checkEmail(email, username);
  } catch (error) {
    throw error instanceof RegistryError ? toAPIError(error) : error;
  }
}

/** Accounts without an email get one made from their name; nobody may use another account's. */
function checkEmail(email: string, username: unknown): void {
  if (!email.endsWith(NO_REPLY) || email === `${username}${NO_REPLY}`) return;
  throw new RegistryError('INVALID_REQUEST', 'That email address is reserved');
}

/** Better-Auth passes on an APIError, and hides other errors. */
function toAPIError({ code, message }: RegistryError): APIError {
  return new APIError(code === 'NAME_TAKEN' ? 'CONFLICT' : 'BAD_REQUEST', { code, message });
}
