// Owns what admins change about accounts: who else is an admin, and who is banned.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import { ADMIN_ROLE } from '../../database/accounts/accounts.ts';
import { changeStanding, findStanding, type Standing } from '../../database/moderation/roles-and-bans.ts';
import type { Actor } from '../rights/actor.ts';

/** Better-Auth's word for everybody else. */
const NO_ROLE = 'user';

/** Which account is meant. */
export type Who = { userId: string } | { username: string };

/** Makes an account an admin, or takes that away. @throws {RegistryError} FORBIDDEN, NOT_FOUND. */
export function setAdmin(context: SignedInContext, who: Who, isAdmin: boolean): Promise<void> {
  return change(context, who, { role: isAdmin ? ADMIN_ROLE : NO_ROLE });
}

/**
 * Bans an account: its tokens and sessions stop working.
 * @param expires when the ban ends; null: never.
 * @throws {RegistryError} FORBIDDEN, NOT_FOUND.
 */
export function ban(context: SignedInContext, who: Who, reason: string, expires: Date | null): Promise<void> {
  return change(context, who, { banned: true, banReason: reason, banExpires: expires });
}

/** @throws {RegistryError} FORBIDDEN, NOT_FOUND. */
export function unban(context: SignedInContext, who: Who): Promise<void> {
  return change(context, who, { banned: false, banReason: null, banExpires: null });
}

async function change({ db, actor, now }: SignedInContext, who: Who, change: Partial<Standing>): Promise<void> {
  checkIsAdmin(actor);
  const found = await findStanding(db, who);
  if (found === undefined) throw new RegistryError('NOT_FOUND', 'There is no such account');
  const { id, username, ...before } = found;
  // So that at least one admin always remains.
  if (id === actor.id) throw new RegistryError('FORBIDDEN', 'Another admin must do this to your account');
  const entry = { actor, action: 'account change', subject: username ?? id, at: now() } as const;
  await changeStanding(db, id, change, { ...entry, before, after: { ...before, ...change } });
}

/**
 * Tokens are not enough: a leaked one could appoint admins.
 * @throws {RegistryError} FORBIDDEN.
 */
function checkIsAdmin({ isAdmin, tokenId }: Actor): void {
  if (!isAdmin) throw new RegistryError('FORBIDDEN', 'Only an admin of the registry may change accounts');
  if (tokenId !== undefined)
    throw new RegistryError('FORBIDDEN', 'This needs a session, not a token: sign in at /api/auth/sign-in/username');
}
