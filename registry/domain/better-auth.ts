// Owns Better-Auth: how it is set up on our tables, and which usernames it accepts.
import { isNamePart } from '@progy/protocol/package-name.ts';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { bearer, username } from 'better-auth/plugins';
import { openDatabase } from '../database/database.ts';
import * as schema from '../database/schema.ts';
import { type Env, settingsOf } from '../env.ts';

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

/** True for a name that an account may take: it can be a scope, and is not reserved. */
export function isUsername(name: string): boolean {
  return isNamePart(name) && name.length <= MAX_USERNAME && !RESERVED.has(name);
}
