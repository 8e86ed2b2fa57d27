// Owns people in a browser, whose account may have no username yet, and how they choose one.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RegistryContext } from '../../context.ts';
import { findVisitor as findVisitorRow, setUsername, type Visitor } from '../../database/accounts/visitors.ts';
import { isUniqueViolation } from '../../database/database.ts';
import { checkNameIsFree, checkScopeIsFree } from './account-names.ts';

export type { Visitor } from '../../database/accounts/visitors.ts';

/** The account of a session; undefined if it is banned. */
export function findVisitor({ db, now }: RegistryContext, id: string): Promise<Visitor | undefined> {
  return findVisitorRow(db, id, now());
}

/** @throws {RegistryError} NOT_FOUND where the operator has not set it up. */
export function checkGitHub({ settings }: RegistryContext): void {
  if (settings.github === undefined)
    throw new RegistryError('NOT_FOUND', 'Signing in with GitHub is not set up on this registry');
}

/**
 * Gives an account that came from GitHub its username, once and for good.
 * @throws {RegistryError} INVALID_REQUEST, NAME_TAKEN.
 */
export async function chooseUsername(context: RegistryContext, visitor: Visitor, name: string): Promise<void> {
  await checkNameIsFree(context, name);
  try {
    await setUsername(context.db, visitor.id, name, context.now());
  } catch (error) {
    // Somebody else was faster. The triggers fill the constraint that says so.
    if (isUniqueViolation(error, 'registry_scopes')) await checkScopeIsFree(context, name);
    throw error;
  }
}
