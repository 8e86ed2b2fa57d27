// Owns the setup of Better-Auth on our tables.
import { LOGIN_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { getOAuthState } from 'better-auth/api';
import { admin, bearer, deviceAuthorization, organization, username } from 'better-auth/plugins';
import type { RegistryContext } from '../../context.ts';
import { findActiveAccount } from '../../database/accounts/accounts.ts';
import * as schema from '../../database/schema/tables.ts';
import { keepGrant } from '../portfolio/grants.ts';
import { isUsername, MAX_ACCOUNT_NAME } from './account-names.ts';
import { deviceRedemption } from './device-redemption.ts';
import { checkNewAccount } from './new-account.ts';
import { organizationRoles } from './organization-roles.ts';

/** Password lengths for Better-Auth and for the forms. */
export const PASSWORD_LENGTH = { min: 8, max: 128 };
/** How long a person may take, and how often a program may ask meanwhile. */
const CODE_TIMES = { expiresIn: '15m', interval: '2s' } as const;

/**
 * Better-Auth on the same D1. It hashes passwords, keeps sessions, talks to GitHub and runs device authorization; it
 * stores no client addresses. Which of its paths can be reached is a list of routes/auth.ts.
 */
export function authOf(context: RegistryContext) {
  const { db, settings, sessionSecret } = context;
  const { origin, github } = settings;
  return betterAuth({
    appName: 'Progy Registry',
    baseURL: origin,
    basePath: '/api/auth',
    secret: sessionSecret,
    database: drizzleAdapter(db, { provider: 'sqlite', schema }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    socialProviders: socialProviders(github),
    // Signing up with somebody else's email must not give access to the account they later make with GitHub: only whoever
    // is signed in links an account, whatever its email.
    account: {
      accountLinking: { enabled: true, disableImplicitLinking: true, allowDifferentEmails: true },
      updateAccountOnSignIn: false,
    },
    databaseHooks: {
      user: { create: { before: (user) => checkNewAccount(context, user) } },
      account: {
        create: { before: async (account) => ({ data: { ...account, ...(await withoutTokens(context, account)) } }) },
        update: { before: async (account) => ({ data: await withoutTokens(context, account) }) },
      },
    },
    plugins: [
      username({ minUsernameLength: 1, maxUsernameLength: MAX_ACCOUNT_NAME, usernameValidator: isUsername }),
      bearer(),
      deviceAuthorization(CODE_TIMES),
      deviceRedemption(db),
      organization(organizationRoles),
      admin({ bannedUserMessage: 'This account is banned' }),
    ],
    onAPIError: { errorURL: origin + LOGIN_PAGE_PATH },
    advanced: { cookiePrefix: 'progy', ipAddress: { disableIpTracking: true } },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  });
}

const NO_OAUTH_TOKENS = { accessToken: null, refreshToken: null, idToken: null };

/** Accounts keep no tokens of GitHub. What a student lets the registry do there is kept elsewhere, for an hour. */
async function withoutTokens(context: RegistryContext, { accessToken }: { accessToken?: string | null }) {
  const link = (await getOAuthState())?.link;
  const account = link && (await findActiveAccount(context.db, link.userId, context.now()));
  if (account && accessToken) await keepGrant(context, account, accessToken);
  return NO_OAUTH_TOKENS;
}

/** The page suggests the GitHub name as username; apart from that, only the email of the profile is kept. */
function socialProviders(github: RegistryContext['settings']['github']) {
  if (github === undefined) return {};
  const mapProfileToUser = ({ login }: { login: string }) => ({ name: login, image: undefined });
  return { github: { ...github, mapProfileToUser } };
}
