// Owns Better-Auth: how it is set up on our tables.
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { bearer, username } from 'better-auth/plugins';
import { openDatabase } from '../database/database.ts';
import * as schema from '../database/schema.ts';
import { type Env, settingsOf } from '../env.ts';
import { isUsername, MAX_ACCOUNT_NAME } from './account-names.ts';

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
      username({ minUsernameLength: 1, maxUsernameLength: MAX_ACCOUNT_NAME, usernameValidator: isUsername }),
      bearer(),
    ],
    advanced: { ipAddress: { disableIpTracking: true } },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  });
}
