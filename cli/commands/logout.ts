// Owns `progy logout`: revoking the token, then removing it.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseRegistry, storedToken, tokenKey } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { readNpmrc, saveNpmrc, userNpmrcPath, withoutSetting } from '../registry/npmrc.ts';
import type { LogoutOptions } from '../usage/logout.ts';

export interface LogoutResult {
  readonly registry: string;
  /** `unknown`: the registry no longer knew the token. `none`: no token was stored here. */
  readonly token: 'revoked' | 'unknown' | 'none';
}

/** Ignores PROGY_TOKEN: it is not ours to revoke, and not stored in a file. */
export async function run(options: LogoutOptions, context: Context): Promise<LogoutResult> {
  const { env, home, signal } = context;
  const registry = await chooseRegistry(context, options.registry);
  const path = userNpmrcPath(env, home);
  const npmrc = await readNpmrc(path);
  const token = storedToken(npmrc, registry.url, env);
  if (token === undefined) return { registry: registry.label, token: 'none' };
  const revoked = await createRegistryClient({ ...registry, token }, signal).logout();
  await saveNpmrc(path, withoutSetting(npmrc, tokenKey(registry.url)));
  return { registry: registry.label, token: revoked ? 'revoked' : 'unknown' };
}

export const views: Views<LogoutResult> = {
  human: ({ registry, token }) => sentences[token](registry),
  json: (result) => result,
};

const sentences: Record<LogoutResult['token'], (registry: string) => string> = {
  revoked: (registry) => `Signed out of ${registry}. The token is revoked.`,
  unknown: (registry) => `Signed out of ${registry}. The token was no longer valid.`,
  none: (registry) => `You were not signed in to ${registry}.`,
};
