// Owns the tokens of an account: making, recognising, listing and revoking them.

import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
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
import { openDatabase } from '../../database/database.ts';
import type { Env } from '../../env.ts';
import { type Actor, checkAddress, checkMayManageTokens } from '../rights/actor.ts';
import { checkPassword, limitLogins } from './passwords.ts';

export type { Page, TokenRow } from '../../database/accounts/tokens.ts';

/** Secret scanners find leaked tokens by this prefix. */
export const TOKEN_PREFIX = 'progy_';
const TOKEN_BYTES = 30;
/** npm blots out keys that look like a UUID, so theirs are plain hex. */
const KEY_BYTES = 16;
/** Enough to know a token by; what is left is far too much to guess. */
const SHOWN_CHARACTERS = TOKEN_PREFIX.length + 6;
const USED_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** Does work after the answer. */
export interface Background {
  waitUntil(work: Promise<unknown>): void;
}

/** What a new token shall be. */
export interface TokenPlan {
  name: string;
  limits: TokenLimits;
  /** Days until it expires; without it, never. */
  days?: number;
}

/** A token just made: the only time that all of it is seen. */
export interface IssuedToken {
  token: string;
  row: TokenRow;
}

/**
 * Makes a token for an account that proves its password once more, as npm does it.
 * @param client address of who asks, to slow guessing.
 * @throws {RegistryError} FORBIDDEN, UNAUTHORIZED, RATE_LIMITED.
 */
export async function createToken(
  env: Env,
  actor: Actor,
  password: string,
  plan: TokenPlan,
  client: string,
): Promise<IssuedToken> {
  checkMayManageTokens(actor);
  await limitLogins(env, `${client} ${actor.username}`);
  const known = await findCredentials(openDatabase(env.DB), actor.username);
  await checkPassword(env, known?.passwordHash ?? null, password);
  return issueToken(env, actor, plan);
}

/** Makes a token of the actor's own; whoever calls has checked that it may be. */
export async function issueToken(env: Env, actor: AuditActor, { name, limits, days }: TokenPlan): Promise<IssuedToken> {
  const token = TOKEN_PREFIX + randomHex(TOKEN_BYTES);
  const now = new Date();
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
  return { token, row: await insertToken(openDatabase(env.DB), plan, entry) };
}

function tokenEntry(actor: AuditActor, at: Date) {
  return { actor, subject: actor.username, at };
}

/** What the audit log says of a token: enough to know it by, and nothing that opens anything. */
function told({ id, name, readonly, cidrs, courses, expiresAt }: Omit<TokenRow, 'createdAt' | 'lastUsedAt'>) {
  return { key: id, name, readonly, cidrs, courses, expires: expiresAt };
}

/**
 * Whoever a token stands for; undefined if it is unknown, revoked or expired.
 * @throws {RegistryError} FORBIDDEN when it may not be used from that address.
 */
export async function actorOfToken(
  env: Env,
  token: string,
  address: string,
  background: Background,
): Promise<Actor | undefined> {
  const db = openDatabase(env.DB);
  const now = new Date();
  const owner = await findTokenOwner(db, hashOf(token), now);
  if (owner === undefined) return undefined;
  const { account, lastUsedAt, tokenId, limits } = owner;
  checkAddress(limits, address);
  const since = new Date(now.getTime() - USED_EVERY_MS);
  if (lastUsedAt === null || lastUsedAt < since) background.waitUntil(touchToken(db, tokenId, now, since));
  return { ...account, tokenId, limits };
}

/** The tokens of an account that still work, newest first, and how many there are. */
export function listTokens(env: Env, actor: Actor, page: Page): Promise<{ rows: TokenRow[]; total: number }> {
  return pageOfTokens(openDatabase(env.DB), actor.id, new Date(), page);
}

/**
 * Revokes a token of this account. Every token may revoke itself; only one without limits may revoke others.
 * @param keyOrToken npm names it by its key, or by the whole token if that is what was typed.
 * @returns whether there was one.
 * @throws {RegistryError} FORBIDDEN.
 */
export async function revokeToken(env: Env, actor: Actor, keyOrToken: string): Promise<boolean> {
  const db = openDatabase(env.DB);
  const row = await findTokenOfAccount(db, actor.id, keyOrToken, hashOf(keyOrToken));
  if (row?.id !== actor.tokenId) checkMayManageTokens(actor);
  if (row === undefined) return false;
  await deleteToken(db, row.id, { ...tokenEntry(actor, new Date()), action: 'token revoke', before: told(row) });
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
