// Owns the tokens of an account: making, recognising, listing and revoking them.

import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { RequestContext, SignedInContext } from '../../context.ts';
import { findCredentials } from '../../database/accounts/accounts.ts';
import {
  deleteToken,
  findTokenOfAccount,
  findTokenOwner,
  insertToken,
  type Page,
  pageOfTokens,
  type TokenLimits,
  type TokenRow,
  touchToken,
} from '../../database/accounts/tokens.ts';
import type { AuditActor } from '../../database/audit/audit-log.ts';
import { type Actor, checkAddress, checkMayManageTokens } from '../rights/actor.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { checkPassword } from './passwords.ts';

export type { Page, TokenRow } from '../../database/accounts/tokens.ts';

/** Secret scanners find leaked tokens by this prefix. */
export const TOKEN_PREFIX = 'progy_';
const TOKEN_BYTES = 30;
/** npm redacts keys that look like a UUID, so ours are plain hex. */
const KEY_BYTES = 16;
/** Enough to recognize a token; the rest is far too long to guess. */
const SHOWN_CHARACTERS = TOKEN_PREFIX.length + 6;
const USED_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** What a new token should be. */
export interface TokenPlan {
  name: string;
  limits: TokenLimits;
  /** Days until it expires; without it, never. */
  days?: number;
}

/** A new token: the only time that all of it is shown. */
export interface IssuedToken {
  token: string;
  row: TokenRow;
}

/**
 * Makes a token for an account that gives its password again, as npm does.
 * @throws {RegistryError} FORBIDDEN, UNAUTHORIZED, RATE_LIMITED.
 */
export async function createToken(context: SignedInContext, password: string, plan: TokenPlan): Promise<IssuedToken> {
  const { actor } = context;
  checkMayManageTokens(actor);
  await limitRate(context, 'login', actor.username);
  const known = await findCredentials(context.db, actor.username);
  await checkPassword(context, known?.passwordHash ?? null, password);
  return issueToken(context, actor, plan);
}

/** Makes a token for the actor; the caller has checked that this is allowed. */
export async function issueToken(
  context: RequestContext,
  actor: AuditActor,
  { name, limits, days }: TokenPlan,
): Promise<IssuedToken> {
  const token = TOKEN_PREFIX + randomHex(TOKEN_BYTES);
  const now = context.now();
  const plan = {
    id: randomHex(KEY_BYTES),
    userId: actor.id,
    name,
    tokenHash: hashOf(token),
    shown: token.slice(0, SHOWN_CHARACTERS),
    ...limits,
    expiresAt: days === undefined ? null : new Date(now.getTime() + days * DAY_MS),
  };
  const entry = { ...tokenEntry(actor, now), action: 'token create', after: told(plan) } as const;
  return { token, row: await insertToken(context.db, plan, entry) };
}

function tokenEntry(actor: AuditActor, at: Date) {
  return { actor, subject: actor.username, at };
}

/** What the audit log records of a token: enough to recognize it, and nothing secret. */
function told({ id, name, readonly, cidrs, courses, expiresAt }: Omit<TokenRow, 'createdAt' | 'lastUsedAt'>) {
  return { key: id, name, readonly, cidrs, courses, expires: expiresAt };
}

/**
 * The actor that a token stands for; undefined if it is unknown, revoked or expired.
 * @throws {RegistryError} FORBIDDEN if it may not be used from the address of the request.
 */
export async function actorOfToken(
  { db, address, later, now }: RequestContext,
  token: string,
): Promise<Actor | undefined> {
  const at = now();
  const owner = await findTokenOwner(db, hashOf(token), at);
  if (owner === undefined) return undefined;
  const { account, lastUsedAt, tokenId, limits } = owner;
  checkAddress(limits, address);
  const since = new Date(at.getTime() - USED_EVERY_MS);
  if (lastUsedAt === null || lastUsedAt < since) later(touchToken(db, tokenId, at, since));
  return { ...account, tokenId, limits };
}

/** The tokens of an account that still work, newest first, and how many there are. */
export function listTokens(
  { db, actor, now }: SignedInContext,
  page: Page,
): Promise<{ rows: TokenRow[]; total: number }> {
  return pageOfTokens(db, actor.id, now(), page);
}

/**
 * Revokes a token of this account. Every token may revoke itself; only one without limits may revoke others.
 * @param keyOrToken npm names it by its key, or by the whole token if that is what was typed.
 * @returns whether there was one.
 * @throws {RegistryError} FORBIDDEN.
 */
export async function revokeToken({ db, actor, now }: SignedInContext, keyOrToken: string): Promise<boolean> {
  const row = await findTokenOfAccount(db, actor.id, keyOrToken, hashOf(keyOrToken));
  if (row?.id !== actor.tokenId) checkMayManageTokens(actor);
  if (row === undefined) return false;
  await deleteToken(db, row.id, { ...tokenEntry(actor, now()), action: 'token revoke', before: told(row) });
  return true;
}

/** @throws {RegistryError} NOT_FOUND, for a token of somebody else too. */
export function noSuchToken(): RegistryError {
  return new RegistryError('NOT_FOUND', 'You have no such token. List them with: npm token list');
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}

function hashOf(token: string): string {
  return sha256Hex(token, nodePlatform);
}
