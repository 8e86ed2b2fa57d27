// Owns the Worker's bindings, vars and secrets, and reading them into checked settings.
import type { D1Database, Fetcher, R2Bucket, RateLimit } from '@cloudflare/workers-types';
import { z } from 'zod';

/** Bindings of wrangler.toml. */
export interface Env {
  DB: D1Database;
  R2: R2Bucket;
  ASSETS: Fetcher;
  LOGIN_LIMIT: RateLimit;
  SEARCH_LIMIT: RateLimit;
  ADDRESS_LIMIT: RateLimit;
  PUBLIC_ORIGIN: string;
  LEGACY_SIGNUP: string;
  PUBLISH_VERSIONS_PER_HOUR: string;
  BETTER_AUTH_SECRET: string;
  /** From an OAuth app at GitHub. Without both, sign-in with GitHub is not offered. */
  GITHUB_CLIENT_ID?: string;
  GITHUB_CLIENT_SECRET?: string;
  /** JSON of {@link SigningKey}s, newest first. Without it, courses can be read but not published. */
  SIGNING_KEYS?: string;
}

/** The vars, checked. */
export interface Settings {
  /** Scheme and host of every URL in documents, without a slash at the end. Never taken from a request. */
  readonly origin: string;
  readonly legacySignup: boolean;
  readonly publishVersionsPerHour: number;
  /** Undefined if the operator has not set up sign-in with GitHub. */
  readonly github: { clientId: string; clientSecret: string } | undefined;
}

/**
 * Reads the vars.
 * @throws {Error} for a missing or invalid var: the operator's mistake, answered as 500 and logged.
 */
export function settingsOf(env: Env): Settings {
  const origin = originOf(env);
  const publishVersionsPerHour = Number(env.PUBLISH_VERSIONS_PER_HOUR);
  if (!Number.isInteger(publishVersionsPerHour) || publishVersionsPerHour < 1) {
    throw new Error(`PUBLISH_VERSIONS_PER_HOUR must be a whole number above 0, not "${env.PUBLISH_VERSIONS_PER_HOUR}"`);
  }
  return { origin, legacySignup: env.LEGACY_SIGNUP === 'on', publishVersionsPerHour, github: githubOf(env) };
}

/** Of letters, digits and what an address needs: it is written into scripts for shells. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

/** `localhost:8787` is an address of the scheme `localhost`, and the origin of such is "null". */
function originOf({ PUBLIC_ORIGIN: given }: Env): string {
  const origin = URL.parse(given)?.origin ?? '';
  if (ORIGIN.test(origin)) return origin;
  throw new Error(`PUBLIC_ORIGIN must be like "https://registry.example.org", not "${given}"`);
}

function githubOf({ GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret }: Env): Settings['github'] {
  return clientId && clientSecret ? { clientId, clientSecret } : undefined;
}

/** Base64 of SPKI and PKCS8; `expires` as npm lists it. Old keys keep only their public half. */
const signingKeySchema = z.object({
  publicKey: z.base64(),
  privateKey: z.base64().optional(),
  expires: z.iso.datetime().nullable(),
});

/** One key of the secret SIGNING_KEYS. */
export type SigningKey = z.infer<typeof signingKeySchema>;

/**
 * Reads the signing keys, newest first; none without the secret.
 * @throws {Error} for an invalid list. Its message quotes nothing of the secret: errors are logged.
 */
export function signingKeysOf({ SIGNING_KEYS }: Pick<Env, 'SIGNING_KEYS'>): SigningKey[] {
  if (!SIGNING_KEYS) return [];
  try {
    return z.array(signingKeySchema).parse(JSON.parse(SIGNING_KEYS));
  } catch {
    throw new Error('SIGNING_KEYS must be a JSON list of {publicKey, privateKey, expires}');
  }
}
