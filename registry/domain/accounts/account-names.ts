// Owns which names an account or organization may take: each is also a scope.

import { isNamePart } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { RegistryContext } from '../../context.ts';
import { findLookalike } from '../../database/rights/scopes.ts';
import { skeletonIn } from '../../database/schema/tables.ts';

/** GitHub's limit, so that a scope can be the name people know. */
export const MAX_ACCOUNT_NAME = 39;

/** Names that would impersonate somebody, or that are or may become the first part of a URL path. */
const RESERVED_NAMES = [
  'progy progydev progy-dev official registry npm npmjs node nodejs types jsr deno bun pnpm yarn github gitlab cloudflare',
  'admin admins administrator administrators root system sysadmin staff moderator owner owners operator security support help abuse legal postmaster hostmaster webmaster noreply no-reply',
  'api assets static public private schema downloads download upload publish resolve search login logout signin signup sign-in sign-up register device approve auth oauth session sessions',
  'account accounts user users org orgs organization organizations team teams scope scopes course courses package packages settings profile new edit docs about status blog pricing billing privacy terms www mail favicon.ico robots.txt',
  'anonymous everyone everybody nobody somebody me self null undefined true false nan constructor prototype',
].flatMap((line) => line.split(' '));

/** Names that look like a reserved name are reserved too. */
const RESERVED = new Set(RESERVED_NAMES.map(skeletonIn));

/** True for a name that only an admin may take, for an organization: the registry has courses of its own. */
export function isReserved(name: string): boolean {
  return RESERVED.has(skeletonIn(name));
}

/** True for a name that an account may take: it can be a scope, and is not reserved. */
export function isUsername(name: string): boolean {
  return isWellFormed(name) && !isReserved(name);
}

function isWellFormed(name: string): boolean {
  return isNamePart(name) && name.length <= MAX_ACCOUNT_NAME;
}

/**
 * Checks that an account or organization may take a name. The check for a free name is a courtesy: the constraint on registry_scopes decides.
 * @throws {RegistryError} INVALID_REQUEST, NAME_TAKEN.
 */
export async function checkNameIsFree(context: RegistryContext, name: string, { isAdmin = false } = {}): Promise<void> {
  if (!(isAdmin ? isWellFormed(name) : isUsername(name))) throw notAllowed(name);
  await checkScopeIsFree(context, name);
}

/** @throws {RegistryError} NAME_TAKEN. */
export async function checkScopeIsFree(context: RegistryContext, name: string): Promise<void> {
  const taken = await findLookalike(context.db, name);
  if (taken === undefined) return;
  const message =
    taken === name
      ? `The name ${name} is taken`
      : `The name ${name} looks too much like ${taken}, which already exists`;
  throw new RegistryError('NAME_TAKEN', message, { name, taken });
}

function notAllowed(name: string): RegistryError {
  const found = quote(name);
  const message = isWellFormed(name)
    ? `The name ${found} is reserved`
    : `That is not a valid name: use lower-case letters, digits, ".", "_" and "-", at most ${MAX_ACCOUNT_NAME} characters`;
  return new RegistryError('INVALID_REQUEST', message, { found, next: 'Choose another name.' });
}
