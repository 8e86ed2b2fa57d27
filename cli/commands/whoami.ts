// Owns `progy whoami`: which account the token belongs to.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf, Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';

export interface WhoamiResult {
  readonly username: string;
  readonly registry: string;
}

export const usage = (program: Command) =>
  program
    .command('whoami')
    .summary('print your username')
    .description('Prints the username you are signed in with.')
    .option('--registry <url>', 'registry to ask');

export const names = [] as const;

export type WhoamiOptions = OptionsOf<typeof usage, typeof names>;

export async function run(options: WhoamiOptions, context: Context): Promise<WhoamiResult> {
  const registry = await chooseSignedIn(context, options.registry);
  return { username: await createRegistryClient(registry, context.signal).whoami(), registry: registry.label };
}

export const views: Views<WhoamiResult> = {
  human: ({ username }) => username,
  json: (result) => result,
};
