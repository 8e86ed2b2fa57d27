// Owns inviting people to read a course: one link for a class, with places and an end.
import { toHex } from '@progy/protocol/bytes/integrity.ts';
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import type { RequestContext, SignedInContext } from '../../context.ts';
import type { Account } from '../../database/accounts/accounts.ts';
import {
  countInvitations,
  deleteInvitations,
  findInvitation,
  type Invitation,
  insertInvitation,
  isTaken,
  takePlace,
} from '../../database/people/invitations.ts';
import { findTies } from '../../database/rights/rights-on-course.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { checkRight } from '../rights/rights-on-course.ts';
import { findVisible } from '../rights/visible-package.ts';
import { entryOf } from './entry.ts';

export type { Invitation } from '../../database/people/invitations.ts';

/** Links of a course that are open at once. */
const MOST_OPEN = 20;
const SECRET_BYTES = 20;
const HOUR_MS = 3_600_000;
/** Where the login page expects the code of a program that waits, an invitation can stand. */
const CODE = /^invite-[0-9a-f]{40}$/;

const ENDED = 'This invitation has expired, was taken back, or all its places are taken. Ask for a new one';

export interface MadeInvitation {
  /** Whoever has it can accept it. */
  readonly url: string;
  readonly expiresAt: Date;
}

/**
 * Makes a link that lets people read a course.
 * @param hours until it ends.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN; RATE_LIMITED for too many open links.
 */
export async function makeInvitation(
  context: SignedInContext,
  name: PackageName,
  { seats, hours }: { seats: number; hours: number },
): Promise<MadeInvitation> {
  await checkOwns(context, name);
  const { db, actor, now, settings } = context;
  if ((await countInvitations(db, name, now())) >= MOST_OPEN) throw tooMany(name);
  const secret = toHex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  const expiresAt = new Date(now().getTime() + hours * HOUR_MS);
  const id = crypto.randomUUID();
  const after = { invitation: id, seats, expiresAt: expiresAt.toISOString() };
  const invitation = { id, name, secretHash: await hashOf(secret), createdBy: actor.id, seats, expiresAt };
  await insertInvitation(db, invitation, entryOf(context, name.full, 'invitation create', { after }));
  return { url: `${settings.origin}${LOGIN_PAGE_PATH}?code=invite-${secret}`, expiresAt };
}

/**
 * Takes back every link of a course. Who has accepted one keeps reading it.
 * @returns how many were open.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function revokeInvitations(context: SignedInContext, name: PackageName): Promise<number> {
  await checkOwns(context, name);
  const open = await countInvitations(context.db, name, context.now());
  if (open === 0) return 0;
  await deleteInvitations(context.db, name, entryOf(context, name.full, 'invitation revoke', { before: { open } }));
  return open;
}

/** True for what stands in the link of an invitation. */
export function isInvitationCode(code: string): boolean {
  return CODE.test(code);
}

/** The open invitation with that code. A full one is one too: who has accepted it may look again. */
export async function readInvitation({ db, now }: RequestContext, code: string): Promise<Invitation | undefined> {
  return isInvitationCode(code) ? findInvitation(db, await hashOf(secretOf(code)), now()) : undefined;
}

/** Whether an account may read the course of an invitation already. */
export async function isReader({ db }: RequestContext, invitation: Invitation, userId: string): Promise<boolean> {
  const ties = await findTies(db, parsePackageName(invitation.name), userId);
  return ties.isHolder || ties.role !== null || ties.granted !== null;
}

/**
 * Lets an account read the course of an invitation. It takes a place, unless the account may read it already.
 * @throws {RegistryError} NOT_FOUND if the invitation is not open any more; RATE_LIMITED.
 */
export async function acceptInvitation(context: RequestContext, account: Account, code: string): Promise<void> {
  await limitRate(context, 'address', 'invitation');
  const invitation = await readInvitation(context, code);
  if (invitation === undefined) throw ended();
  if (await isReader(context, invitation, account.id)) return;
  const actor = { id: account.id, username: account.username, tokenId: undefined };
  const after = { user: account.username, permission: 'read', invitation: invitation.id };
  const entry = { actor, action: 'access grant', subject: invitation.name, at: context.now(), after } as const;
  await takePlace(context.db, invitation, account.id, entry).catch((error) => {
    throw isTaken(error) ? ended() : error;
  });
}

/** The error for an invitation that cannot be accepted. */
export function ended(): RegistryError {
  return new RegistryError('NOT_FOUND', ENDED);
}

async function checkOwns(context: SignedInContext, name: PackageName): Promise<void> {
  await findVisible(context, name);
  await checkRight(context, name, 'own');
}

function secretOf(code: string): string {
  return code.slice('invite-'.length);
}

async function hashOf(secret: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));
}

function tooMany({ full }: PackageName): RegistryError {
  const message = `${full} has ${MOST_OPEN} open invitations. Take them back first: progy classroom invite ${full} --revoke`;
  return new RegistryError('RATE_LIMITED', message, { name: full });
}
