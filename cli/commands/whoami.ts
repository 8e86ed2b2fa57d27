// Owns `progy whoami`: which account the token belongs to.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { WhoamiOptions } from '../usage/whoami.ts';

export interface WhoamiResult {
  readonly username: string;
  readonly registry: string;
}

export async function run(options: WhoamiOptions, context: Context): Promise<WhoamiResult> {
  const registry = await chooseSignedIn(context, options.registry);
  return { username: await createRegistryClient(registry, context.signal).whoami(), registry: registry.label };
}

export const views: Views<WhoamiResult> = {
  human: ({ username }) => username,
  json: (result) => result,
};
