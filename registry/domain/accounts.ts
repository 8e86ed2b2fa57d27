// Owns signing in: passwords through Better-Auth, registry tokens of our own.

import { RegistryError } from '@progy/protocol/errors.ts';
import { sha256Hex } from '@progy/protocol/integrity.ts';
import { nodePlatform } from '@progy/protocol/node-platform.ts';
import { isNamePart } from '@progy/protocol/package-name.ts';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { type APIError, isAPIError } from 'better-auth/api';
import { bearer, username } from 'better-auth/plugins';
import {
  type Account,
  deleteToken,
  findCredentials,
  findTokenOwner,
  findUsername,
  insertToken,
  touchToken,
} from '../database/accounts.ts';
import { openDatabase } from '../database/database.ts';
import { NO_REPLY } from '../database/packages.ts';
import * as schema from '../database/schema.ts';
import { type Env, settingsOf } from '../env.ts';

export type { Account } from '../database/accounts.ts';

/** Secret scanners find leaked tokens by this prefix. */
const TOKEN_PREFIX = 'progy_';
const TOKEN_BYTES = 30;
const USED_EVERY_MS = 3_600_000;
/** As GitHub has it, so that a scope can be the name people know. */
const MAX_USERNAME = 39;
/** Scopes nobody may take: ours, npm's, and words that read like the registry itself. */
const RESERVED = new Set([
  'progy',
  'npm',
  'node',
  'types',
  'admin',
  'registry',
  'api',
  'official',
  'security',
  'support',
]);

/** Better-Auth on the same D1. It serves `/api/auth/*` and hashes passwords; it keeps no addresses of clients. */
export function authOf(env: Env) {
  const { origin } = settingsOf(env);
  return betterAuth({
    appName: 'Progy Registry',
    baseURL: origin,
    basePath: '/api/auth',
    secret: env.BETTER_AUTH_SECRET,
    database: drizzleAdapter(openDatabase(env.DB), { provider: 'sqlite', schema }),
    emailAndPassword: { enabled: true },
    // A username is a scope: whoever took a name that was given up would own its courses.
    disabledPaths: ['/update-user'],
    plugins: [
      username({ minUsernameLength: 1, maxUsernameLength: MAX_USERNAME, usernameValidator: isUsername }),
      bearer(),
    ],
    advanced: { ipAddress: { disableIpTracking: true } },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  });
}

function isUsername(name: string): boolean {
  return isNamePart(name) && name.length <= MAX_USERNAME && !RESERVED.has(name);
}

/**
 * The account behind an Authorization header: a registry token, or a Better-Auth session as bearer.
 * @throws {RegistryError} UNAUTHORIZED when there is a header but it proves nothing.
 */
export async function authenticate(
  env: Env,
  headers: Headers,
  ctx: { waitUntil(work: Promise<unknown>): void },
): Promise<Account | undefined> {
  const header = headers.get('authorization');
  if (header === null) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const account = token?.startsWith(TOKEN_PREFIX)
    ? await ownerOfToken(env, token, ctx)
    : await ownerOfSession(env, headers);
  if (account === undefined) throw new RegistryError('UNAUTHORIZED', 'The token is unknown, revoked or expired');
  return account;
}

async function ownerOfToken(
  env: Env,
  token: string,
  ctx: { waitUntil(work: Promise<unknown>): void },
): Promise<Account | undefined> {
  const db = openDatabase(env.DB);
  const now = new Date();
  const owner = await findTokenOwner(db, hashOf(token), now);
  if (owner === undefined) return undefined;
  const since = new Date(now.getTime() - USED_EVERY_MS);
  if (owner.lastUsedAt === null || owner.lastUsedAt < since) ctx.waitUntil(touchToken(db, owner.tokenId, now, since));
  return { id: owner.id, username: owner.username };
}

async function ownerOfSession(env: Env, headers: Headers): Promise<Account | undefined> {
  const session = await authOf(env).api.getSession({ headers });
  const name = session && (await findUsername(openDatabase(env.DB), session.user.id));
  return session && name ? { id: session.user.id, username: name } : undefined;
}

/** What npm's legacy login asks for. */
export interface Credentials {
  username: string;
  password: string;
  email?: string;
}

/**
 * Signs in, or signs up when the name is new and the registry allows it, and makes a token. It is shown here once.
 * @throws {RegistryError} UNAUTHORIZED, NAME_TAKEN, RATE_LIMITED, INVALID_REQUEST.
 */
export async function login(env: Env, credentials: Credentials, client: string): Promise<string> {
  await limitLogins(env, `${client} ${credentials.username}`);
  const known = await findCredentials(openDatabase(env.DB), credentials.username);
  if (known === undefined) return createToken(env, await signUp(env, credentials));
  await checkPassword(env, known.passwordHash, credentials.password);
  return createToken(env, known.id);
}

/**
 * Slows the guessing of passwords.
 * @param key who tries, and what.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function limitLogins(env: Env, key: string): Promise<void> {
  const { success } = await env.LOGIN_LIMIT.limit({ key });
  if (!success) throw new RegistryError('RATE_LIMITED', 'Too many sign-ins; wait a minute', { retryAfter: 60 });
}

async function checkPassword(env: Env, hash: string | null, password: string): Promise<void> {
  const context = await authOf(env).$context;
  const right = hash !== null && (await context.password.verify({ hash, password }));
  if (!right) throw new RegistryError('UNAUTHORIZED', 'Wrong user name or password');
}

async function signUp(env: Env, { username, password, email }: Credentials): Promise<string> {
  if (!settingsOf(env).legacySignup) throw new RegistryError('UNAUTHORIZED', 'Wrong user name or password');
  if (!isUsername(username))
    throw new RegistryError(
      'INVALID_REQUEST',
      'That user name cannot be taken: use lower-case letters, digits and "-", at most 39',
      { found: username },
    );
  try {
    const body = { name: username, username, password, email: email || `${username}${NO_REPLY}` };
    const created = await authOf(env).api.signUpEmail({ body });
    return created.user.id;
  } catch (error) {
    throw toSignUpError(error);
  }
}

function toSignUpError(error: unknown): unknown {
  if (!isAPIError(error)) return error;
  const { body } = error as APIError;
  const taken = /ALREADY|TAKEN/.test(body?.code ?? '');
  return new RegistryError(taken ? 'NAME_TAKEN' : 'INVALID_REQUEST', body?.message, {}, { cause: error });
}

async function createToken(env: Env, userId: string): Promise<string> {
  const token = TOKEN_PREFIX + Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('hex');
  await insertToken(openDatabase(env.DB), { id: crypto.randomUUID(), userId, name: 'login', tokenHash: hashOf(token) });
  return token;
}

/** Revokes a token of this account. Revoking twice is fine. */
export async function logout(env: Env, account: Account, token: string): Promise<void> {
  await deleteToken(openDatabase(env.DB), account.id, hashOf(token));
}

function hashOf(token: string): string {
  return sha256Hex(token, nodePlatform);
}
