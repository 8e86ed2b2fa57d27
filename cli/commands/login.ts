// Owns `progy login`: signing in by browser or password, and saving the token where npm and pacote find it too.
import { text } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseRegistry, type Registry, tokenKey } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { readNpmrc, saveNpmrc, userNpmrcPath, withSetting } from '../registry/npmrc.ts';
import { signInWithBrowser } from '../registry/sign-in.ts';
import type { LoginOptions } from '../usage/login.ts';

export interface LoginResult {
  readonly username: string;
  readonly registry: string;
  readonly isDefault: boolean;
  /** The file that holds the token now. */
  readonly npmrc: string;
}

export async function run(options: LoginOptions, context: Context): Promise<LoginResult> {
  const registry = await chooseRegistry(context, options.registry);
  warnOfPlainHttp(registry, context);
  const token = options.token === undefined ? await signIn(options, registry, context) : checkToken(options.token);
  const username = await createRegistryClient({ ...registry, token }, context.signal).whoami();
  const npmrc = await keepToken(token, registry, context);
  if (context.env.PROGY_TOKEN) context.talk.warn('PROGY_TOKEN is set, and it is used instead of the token just saved.');
  return { username, registry: registry.label, isDefault: registry.isDefault, npmrc };
}

export const views: Views<LoginResult> = {
  human: ({ username, registry, isDefault, npmrc }) =>
    [
      `Signed in to ${registry} as ${username}`,
      `  token  ${npmrc}`,
      ...(isDefault ? [] : ['', `Next: export PROGY_REGISTRY=${registry}`]),
    ].join('\n'),
  json: ({ username, registry, npmrc }) => ({ username, registry, npmrc }),
};

/** Sends no older token: a stale one must not break the sign-in. */
async function signIn(options: LoginOptions, registry: Registry, context: Context): Promise<string> {
  if (options.passwordStdin && options.username === undefined) {
    throw new CliError('USAGE', '--password-stdin needs --username', 'See: progy login --help');
  }
  const anonymous = { ...registry, token: undefined };
  if (options.username === undefined) return signInWithBrowser(anonymous, context, options.browser ?? true);
  return signInWithPassword(options.username, options.passwordStdin ?? false, anonymous, context);
}

async function signInWithPassword(
  username: string,
  passwordStdin: boolean,
  registry: Registry,
  { talk, signal, stdin }: Context,
): Promise<string> {
  const password = passwordStdin ? firstLine(await text(stdin)) : await talk.askSecret('Password');
  const client = createRegistryClient(registry, signal);
  return talk.during('Signing in', () => client.login(username, password));
}

function firstLine(input: string): string {
  return input.replace(/\r?\n[\s\S]*$/, '');
}

function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError('USAGE', 'That is not a token: it is empty or contains spaces', 'Copy the token again.');
}

async function keepToken(token: string, registry: Registry, { env, home }: Context): Promise<string> {
  const path = userNpmrcPath(env, home);
  await saveNpmrc(path, withSetting(await readNpmrc(path), tokenKey(registry.url), token));
  return path;
}

function warnOfPlainHttp({ url, label }: Registry, { talk }: Context): void {
  const { protocol, hostname } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost') || /^(?:127\.|\[::1\])/.test(hostname);
  if (protocol === 'http:' && !isLocal)
    talk.warn(`The connection to ${label} is not encrypted: others on the network can read your password.`);
}
