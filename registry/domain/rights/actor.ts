// Owns the limits of tokens: every one is checked by a function in this file.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { Account } from '../../database/accounts/accounts.ts';
import type { TokenLimits } from '../../database/accounts/tokens.ts';
import { isInBlock } from './ipv4-block.ts';

/** Who a request acts for, and how far its token reaches. */
export interface Actor extends Account {
  limits: TokenLimits;
  /** Key of the token; undefined when a Better-Auth session signed in. */
  tokenId: string | undefined;
  /** May act beyond their own scopes with --force. */
  isAdmin: boolean;
}

export const UNLIMITED: TokenLimits = { readonly: false, cidrs: null, courses: null };

/** @throws {RegistryError} FORBIDDEN for a token that is read-only. */
export function checkMayWrite({ limits }: Actor): void {
  if (!limits.readonly) return;
  throw new RegistryError('FORBIDDEN', 'This token is read-only: use one with write access', { limit: 'readonly' });
}

/**
 * Checks that a token may make and revoke others: one that is limited to courses must not revoke the rest.
 * @throws {RegistryError} FORBIDDEN.
 */
export function checkMayManageTokens(actor: Actor): void {
  checkMayWrite(actor);
  checkReachesAll(actor, 'the account’s tokens');
}

/**
 * For actions that affect more than one course: changing an organization’s members could open any of its courses.
 * @throws {RegistryError} FORBIDDEN for a token that is limited to courses.
 */
export function checkReachesAll({ limits }: Actor, what: string): void {
  if (limits.courses !== null) throw outOfReach(limits.courses, what);
}

/** Whether a token reaches a course: to change it, or to see it if it is private. */
export function reaches({ courses }: TokenLimits, name: PackageName): boolean {
  return courses === null || courses.includes(`@${name.scope}`) || courses.includes(name.full);
}

/** @throws {RegistryError} FORBIDDEN for a course that the token does not reach. */
export function checkReaches({ limits }: Actor, name: PackageName): void {
  if (limits.courses !== null && !reaches(limits, name)) throw outOfReach(limits.courses, name.full);
}

/**
 * 403 and not 401: npm would drop our sentence and ask for a new sign-in.
 * @param address as the edge saw it. No block contains an IPv6 address: npm limits tokens only by IPv4.
 * @throws {RegistryError} FORBIDDEN.
 */
export function checkAddress({ cidrs }: TokenLimits, address: string): void {
  if (cidrs === null || cidrs.some((block) => isInBlock(address, block))) return;
  throw new RegistryError('FORBIDDEN', `This token may not be used from ${address}`, { limit: 'cidr', address });
}

function outOfReach(courses: readonly string[], what: string): RegistryError {
  const message = `This token is limited to ${courses.join(', ')} and does not reach ${what}`;
  return new RegistryError('FORBIDDEN', message, { limit: 'courses', courses });
}
