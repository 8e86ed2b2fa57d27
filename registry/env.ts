// Owns what the Worker is given: bindings, vars and secrets, read once per request into checked settings.
import type { D1Database, R2Bucket, RateLimit } from '@cloudflare/workers-types';

/** Bindings of wrangler.toml. */
export interface Env {
  DB: D1Database;
  R2: R2Bucket;
  LOGIN_LIMIT: RateLimit;
  PUBLIC_ORIGIN: string;
  LEGACY_SIGNUP: string;
  PUBLISH_VERSIONS_PER_HOUR: string;
  BETTER_AUTH_SECRET: string;
}

/** The vars, checked. */
export interface Settings {
  /** Scheme and host of every URL in documents, without a slash at the end. Never taken from a request. */
  readonly origin: string;
  readonly legacySignup: boolean;
  readonly publishVersionsPerHour: number;
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
  return { origin, legacySignup: env.LEGACY_SIGNUP === 'on', publishVersionsPerHour };
}
