// Owns signing programs in through a browser: they get a code, a person approves it, and they get a token once.
import { RegistryError } from '@progy/protocol/errors.ts';
import { DEVICE_REFUSALS } from '@progy/protocol/wire/accounts/sign-in.ts';
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { type APIError, isAPIError } from 'better-auth/api';
import type { RequestContext } from '../../context.ts';
import { type Account, findActiveAccount } from '../../database/accounts/accounts.ts';
import {
  type Asking,
  decideWaiting,
  findWaiting,
  noteAsking,
  type Waiting,
} from '../../database/accounts/device-codes.ts';
import { UNLIMITED } from '../rights/actor.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { authOf } from './better-auth.ts';
import { issueToken } from './tokens.ts';

export type { Asking } from '../../database/accounts/device-codes.ts';

/** A sign-in that has begun. */
export interface StartedSignIn {
  /** Secret of the program. */
  deviceCode: string;
  /** The code that a person compares, `ABCD-EFGH`. */
  userCode: string;
  /** The page that asks for the code. */
  page: string;
  /** Seconds. */
  expiresIn: number;
  /** Seconds between polls for the token. */
  interval: number;
}

export type Refusal = (typeof DEVICE_REFUSALS)[number];

/** What a person reads about a refusal. */
export const REFUSAL_SENTENCES: Record<Refusal, string> = {
  authorization_pending: 'The sign-in is waiting for approval in the browser',
  slow_down: 'The sign-in is waiting for approval in the browser; poll less often',
  access_denied: 'The sign-in was denied in the browser',
  expired_token: 'The sign-in was not approved in time',
  invalid_grant: 'No such sign-in: it was used, denied, or not approved in time',
};

/**
 * Begins a sign-in. Limited per address and minute.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function startSignIn(context: RequestContext, clientId: string, asking: Asking): Promise<StartedSignIn> {
  await limitRate(context, 'address', 'device code');
  const body = { client_id: clientId };
  const { device_code, user_code, expires_in, interval } = await authOf(context).api.deviceCode({ body });
  await noteAsking(context.db, device_code, asking);
  return {
    deviceCode: device_code,
    userCode: spellUserCode(user_code),
    page: context.settings.origin + LOGIN_PAGE_PATH,
    expiresIn: expires_in,
    interval,
  };
}

/** The token of an approved sign-in, given only once; otherwise why there is none. */
export async function redeem(
  context: RequestContext,
  deviceCode: string,
  clientId: string,
): Promise<{ token: string } | { refusal: Refusal }> {
  const redeemed = await redeemApproved(context, deviceCode, clientId);
  if ('refusal' in redeemed) return redeemed;
  const account = await findActiveAccount(context.db, redeemed.userId, context.now());
  if (account === undefined) return { refusal: 'access_denied' };
  const plan = { name: tokenName(redeemed.asking), limits: UNLIMITED };
  return { token: (await issueToken(context, { ...account, tokenId: undefined }, plan)).token };
}

async function redeemApproved(context: RequestContext, deviceCode: string, clientId: string) {
  try {
    return await authOf(context).api.redeemDevice({ body: { deviceCode, clientId } });
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}

function refusalIn(error: unknown): Refusal | undefined {
  if (!isAPIError(error)) return undefined;
  const { body } = error as APIError;
  return DEVICE_REFUSALS.find((refusal) => refusal === body?.error);
}

/** `npm login`, or `progy login on laptop`: how `npm token list` shows it. */
function tokenName(asking: Asking | null): string {
  const [program] = (asking?.program ?? '').split(' ');
  return [`${program || 'browser'} login`, ...(asking?.host ? [`on ${asking.host}`] : [])].join(' ');
}

/**
 * The sign-in waiting for a code, in any spelling; undefined if there is none. Limited per address and minute.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function readWaiting(context: RequestContext, code: string): Promise<Waiting | undefined> {
  await limitRate(context, 'address', 'user code');
  const userCode = parseUserCode(code);
  return userCode === undefined ? undefined : findWaiting(context.db, userCode, context.now());
}

/**
 * Approves or denies a sign-in.
 * @throws {RegistryError} NOT_FOUND if none is waiting; RATE_LIMITED.
 */
export async function decide(
  context: RequestContext,
  account: Account,
  code: string,
  status: 'approved' | 'denied',
): Promise<void> {
  await limitRate(context, 'address', 'user code');
  const userCode = parseUserCode(code) ?? '';
  const decision = { status, userId: account.id };
  if (await decideWaiting(context.db, userCode, decision, context.now())) return;
  throw new RegistryError('NOT_FOUND', 'This code has been used or has expired');
}

/** `ABCDEFGH` as it is shown. */
export function spellUserCode(userCode: string): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}

/** Converts what people type to what is stored: upper case, without separators. */
function parseUserCode(text: string): string | undefined {
  const code = text.replace(/[^a-z0-9]/gi, '').toUpperCase();
  return /^[A-Z2-9]{8}$/.test(code) ? code : undefined;
}
