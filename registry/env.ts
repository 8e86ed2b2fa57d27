// Owns what the Worker is given: bindings, vars and secrets, and reading them into checked settings.
import type { D1Database, R2Bucket, RateLimit } from '@cloudflare/workers-types';
import { z } from 'zod';

/** Bindings of wrangler.toml. */
export interface Env {
  DB: D1Database;
  R2: R2Bucket;
  LOGIN_LIMIT: RateLimit;
  SEARCH_LIMIT: RateLimit;
  ADDRESS_LIMIT: RateLimit;
  PUBLIC_ORIGIN: string;
  LEGACY_SIGNUP: string;
  PUBLISH_VERSIONS_PER_HOUR: string;
  BETTER_AUTH_SECRET: string;
  /** Of an OAuth app at GitHub. Without both, nobody is offered to sign in with GitHub. */
  GITHUB_CLIENT_ID?: string;
  GITHUB_CLIENT_SECRET?: string;
  /** JSON of {@link SigningKey}s, newest first. Without it courses are read, but not published. */
  SIGNING_KEYS?: string;
}

/** The vars, checked. */
export interface Settings {
  /** Scheme and host of every URL in documents, without a slash at the end. Never taken from a request. */
  readonly origin: string;
  readonly legacySignup: boolean;
  readonly publishVersionsPerHour: number;
  /** Undefined where the operator has set up no sign-in with GitHub. */
  readonly github: { clientId: string; clientSecret: string } | undefined;
}

/**
 * Reads the vars.
 * @throws {Error} for a var that is missing or makes no sense: the operator's mistake, answered as 500 and logged.
 */
export function settingsOf(env: Env): Settings {
  const origin = new URL(env.PUBLIC_ORIGIN).origin;
  const publishVersionsPerHour = Number(env.PUBLISH_VERSIONS_PER_HOUR);
  if (!Number.isInteger(publishVersionsPerHour) || publishVersionsPerHour < 1) {
    throw new Error(`PUBLISH_VERSIONS_PER_HOUR must be a whole number above 0, not "${env.PUBLISH_VERSIONS_PER_HOUR}"`);
  }
  return { origin, legacySignup: env.LEGACY_SIGNUP === 'on', publishVersionsPerHour, github: githubOf(env) };
}

function githubOf({ GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret }: Env): Settings['github'] {
  return clientId && clientSecret ? { clientId, clientSecret } : undefined;
}

/** Base64 of SPKI and PKCS8; `expires` as npm lists it. Keys that are no longer used keep only their public half. */
const signingKeySchema = z.object({
  publicKey: z.base64(),
  privateKey: z.base64().optional(),
  expires: z.iso.datetime().nullable(),
});

/** One key of the secret SIGNING_KEYS. */
export type SigningKey = z.infer<typeof signingKeySchema>;

/**
 * Reads the signing keys, newest first; none without the secret.
 * @throws {Error} for a secret that is no such list. Its message repeats nothing of it: errors are logged.
 */
export function signingKeysOf({ SIGNING_KEYS }: Pick<Env, 'SIGNING_KEYS'>): SigningKey[] {
  if (!SIGNING_KEYS) return [];
  try {
    return z.array(signingKeySchema).parse(JSON.parse(SIGNING_KEYS));
  } catch {
    throw new Error('SIGNING_KEYS must be a JSON list of {publicKey, privateKey, expires}');
  }
}
