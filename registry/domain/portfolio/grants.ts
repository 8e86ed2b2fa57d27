// Owns what a student lets the registry do at GitHub: for an hour, encrypted, and withdrawn at GitHub afterwards.
import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { RegistryContext } from '../../context.ts';
import type { Account } from '../../database/accounts/accounts.ts';
import type { ExpiredKept } from '../../database/accounts/device-codes.ts';
import { deleteGrant, expireGrant, findExpiredGrants, findGrant, putGrant } from '../../database/portfolio/grants.ts';
import { withdrawToken } from '../../github/github.ts';

/** What GitHub calls the permission to make repositories. It has none that reaches less. */
export const GITHUB_SCOPE = 'repo';

const LIFETIME_MS = 3_600_000;
const PREFIX = 'github-grant:';
/** How long the sweep tries to withdraw one that has ended. Then it is forgotten all the same. */
const TRIED_MS = 24 * LIFETIME_MS;
/** Keeps one run of the sweep within a Worker's limit of subrequests; the next run continues. */
const WITHDRAWN_A_RUN = 100;

export interface OpenGrant {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Keeps the token that GitHub gave for an account. An older one is forgotten. */
export async function keepGrant(context: RegistryContext, account: Account, token: string): Promise<void> {
  const at = context.now();
  const grant = {
    value: await symmetricEncrypt({ key: encryptionKey(context), data: token }),
    expiresAt: new Date(at.getTime() + LIFETIME_MS),
  };
  const actor = { ...account, tokenId: undefined };
  await putGrant(context.db, keyFor(context, account.id), grant, {
    actor,
    action: 'github link',
    subject: account.username,
    after: { expires: grant.expiresAt },
    at,
  });
}

/** The grant of an account, while it lasts. */
export async function openGrant(context: RegistryContext, accountId: string): Promise<OpenGrant | undefined> {
  const grant = await findGrant(context.db, keyFor(context, accountId), context.now());
  const token = grant && (await decrypted(context, grant.value));
  return grant && token ? { token, expiresAt: grant.expiresAt } : undefined;
}

/** Forgets the grant of an account, which GitHub no longer takes. */
export async function forgetGrant(context: RegistryContext, accountId: string): Promise<void> {
  await deleteGrant(context.db, keyFor(context, accountId));
}

/** Ends the grant of an account and withdraws it at GitHub; the sweep does if that fails. False if there was none. */
export async function withdrawGrant(context: RegistryContext, accountId: string): Promise<boolean> {
  const grant = await openGrant(context, accountId);
  if (grant === undefined) return false;
  const key = keyFor(context, accountId);
  await expireGrant(context.db, key, context.now());
  if ((await withdrawAtGitHub(context, grant.token)) === undefined) await deleteGrant(context.db, key);
  return true;
}

/** Withdraws grants that have ended. */
export async function sweepGrants(context: RegistryContext): Promise<void> {
  const expired = await findExpiredGrants(context.db, PREFIX, context.now(), WITHDRAWN_A_RUN);
  for (const { key, value } of expired) {
    const token = await decrypted(context, value);
    const failure = token === undefined ? undefined : await withdrawAtGitHub(context, token);
    // Each of the others would wait as long.
    if (failure?.code === 'GITHUB_UNAVAILABLE') return;
    if (failure === undefined) await deleteGrant(context.db, key);
  }
}

/** Grants that the sweep will try again to withdraw: by the beginning of their keys, those that ended since then. */
export function grantsToRetry({ now }: RegistryContext): ExpiredKept {
  return { prefix: PREFIX, since: new Date(now().getTime() - TRIED_MS) };
}

/** @returns why GitHub did not do it. */
async function withdrawAtGitHub({ settings }: RegistryContext, token: string): Promise<RegistryError | undefined> {
  if (settings.github === undefined) return undefined;
  try {
    await withdrawToken(settings.github, token);
    return undefined;
  } catch (error) {
    console.error('GitHub did not withdraw a token:', error);
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

/** Nobody can guess it: the same table holds values that a browser asks for by their key. */
function keyFor({ sessionSecret }: RegistryContext, accountId: string): string {
  return PREFIX + sha256Hex(`${sessionSecret} ${accountId}`, nodePlatform);
}

function encryptionKey({ sessionSecret }: RegistryContext): string {
  return `${PREFIX}${sessionSecret}`;
}

/** Undefined after the secret was changed. */
async function decrypted(context: RegistryContext, data: string): Promise<string | undefined> {
  return symmetricDecrypt({ key: encryptionKey(context), data }).catch(() => undefined);
}
