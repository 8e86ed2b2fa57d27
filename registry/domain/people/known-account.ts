// Owns finding an account by name.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { RegistryContext } from '../../context.ts';
import { type Account, findAccounts } from '../../database/accounts/accounts.ts';
import { NO_REPLY } from '../../database/people/maintainers.ts';

/** @throws {RegistryError} NOT_FOUND. */
export async function knownAccount({ db }: RegistryContext, username: string): Promise<Account> {
  const [account] = await findAccounts(db, [username]);
  if (account === undefined) throw noSuchAccount(username);
  return account;
}

export function noSuchAccount(username: string): RegistryError {
  const found = quote(username);
  return new RegistryError('NOT_FOUND', `There is no account ${found}`, { username: found });
}

/** What everybody may see of an account. The email is a no-reply address. */
export interface Person {
  name: string;
  email: string;
}

/** @throws {RegistryError} NOT_FOUND. */
export async function readPerson(context: RegistryContext, name: string): Promise<Person> {
  const { username } = await knownAccount(context, name);
  return { name: username, email: username + NO_REPLY };
}
