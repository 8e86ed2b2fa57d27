// Owns the choice of the registry to talk to, and which token may go there.

import { HOME_REGISTRY } from '@progy/protocol/client/progy-command.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { NETWORK_POLICY, type Network } from '../network/policy.ts';
import { expandVariables, projectNpmrcPath, readNpmrc, readSetting, userNpmrcPath } from './npmrc.ts';

export const DEFAULT_REGISTRY = `${HOME_REGISTRY}/`;
/** Characters. A cloned course brings an .npmrc and a lock, and what looks through its address takes quadratic time. */
const MAX_ADDRESS = 2_000;

/** A registry and what is known about signing in to it. */
export interface Registry {
  /** With a trailing slash. */
  readonly url: string;
  /** For talk and for `--registry`: without the slash. */
  readonly label: string;
  readonly isDefault: boolean;
  readonly token?: string;
  /** How long to wait for it, and who hears about it. Undefined: the usual policy, and nobody. */
  readonly network?: Network;
}

type Source = 'option' | 'environment' | 'user' | 'project' | 'default';

/**
 * Chooses the registry: `--registry`, then PROGY_REGISTRY, then `@scope:registry` of the project's and the user's .npmrc, then Progy's own.
 * @param scope without the `@`; undefined for a command that is not about a course.
 * @throws {CliError} USAGE for anything but an http(s) address.
 */
export async function chooseRegistry(context: Context, option: string | undefined, scope?: string): Promise<Registry> {
  const user = await readNpmrc(userNpmrcPath(context.env, context.home));
  const { address, source } = await findAddress(context, option, scope, user);
  const url = parseRegistryUrl(address);
  const token = tokenFor(url, source, user, context);
  const label = url.replace(/\/$/, '');
  return { url, label, isDefault: url === DEFAULT_REGISTRY, token, network: networkOf(context) };
}

function networkOf({ networkPolicy = NETWORK_POLICY, talk }: Context): Network {
  return { policy: networkPolicy, say: (line) => talk.note(line) };
}

/**
 * Chooses the registry of a course that was started: `--registry`, or the one in its lock. PROGY_TOKEN goes to the lock's
 * only if PROGY_REGISTRY names the same: a cloned course could name its author's own registry.
 * @throws {CliError} as {@link chooseRegistry}.
 */
export async function chooseLockedRegistry(
  context: Context,
  option: string | undefined,
  locked: string,
): Promise<Registry> {
  const url = parseRegistryUrl(option ?? locked);
  const isMeant = context.env.PROGY_REGISTRY && parseRegistryUrl(context.env.PROGY_REGISTRY) === url;
  if (option !== undefined || isMeant) return chooseRegistry(context, option);
  const token = storedToken(await readNpmrc(userNpmrcPath(context.env, context.home)), url, context.env);
  return { url, label: url.replace(/\/$/, ''), isDefault: url === DEFAULT_REGISTRY, token };
}

/**
 * Chooses the registry, and checks that there is a token for it.
 * @throws {RegistryError} UNAUTHORIZED; {CliError} as {@link chooseRegistry}.
 */
export async function chooseSignedIn(context: Context, option: string | undefined, scope?: string): Promise<Registry> {
  const registry = await chooseRegistry(context, option, scope);
  checkSignedIn(registry);
  return registry;
}

/** The key under which npm, pacote and progy keep a registry's token: `//host:port/path/:_authToken`. */
export function tokenKey(url: string): string {
  const { host, pathname } = new URL(url);
  return `//${host}${pathname}:_authToken`;
}

/** ` --registry URL` if the registry is not the default, for the commands we tell people to run. */
export function registryFlag(registry: Registry): string {
  return registry.isDefault ? '' : ` --registry ${registry.label}`;
}

/**
 * Checks that there is a token to send.
 * @throws {RegistryError} UNAUTHORIZED.
 */
export function checkSignedIn({ token, label }: Registry): void {
  if (token !== undefined) return;
  throw new RegistryError('UNAUTHORIZED', `You are not signed in to ${label}`, { registry: label });
}

async function findAddress(
  { env, cwd }: Context,
  option: string | undefined,
  scope: string | undefined,
  user: string,
): Promise<{ address: string; source: Source }> {
  if (option !== undefined) return { address: option, source: 'option' };
  if (env.PROGY_REGISTRY) return { address: env.PROGY_REGISTRY, source: 'environment' };
  if (scope === undefined) return { address: DEFAULT_REGISTRY, source: 'default' };
  const key = `@${scope}:registry`;
  const project = readSetting(await readNpmrc(await projectNpmrcPath(cwd)), key);
  // A project's file may come from a stranger: its variables are not expanded, or it could send them to its own host.
  if (project !== undefined) return { address: project, source: 'project' };
  const own = readSetting(user, key);
  if (own !== undefined) return { address: expandVariables(own, env), source: 'user' };
  return { address: DEFAULT_REGISTRY, source: 'default' };
}

/**
 * PROGY_TOKEN is never sent to a registry that only a project's .npmrc names: a cloned course could name its author's
 * own registry.
 */
function tokenFor(url: string, source: Source, user: string, context: Context): string | undefined {
  const { env, talk } = context;
  if (env.PROGY_TOKEN && source !== 'project') return env.PROGY_TOKEN;
  if (env.PROGY_TOKEN)
    talk.warn(
      'PROGY_TOKEN is not sent to a registry that only a project’s .npmrc names. To use it there, set PROGY_REGISTRY too.',
    );
  return storedToken(user, url, env);
}

/** The token an .npmrc keeps for a registry. npm looks from the whole path upward to the host, and so do we. */
export function storedToken(npmrc: string, url: string, env: Context['env']): string | undefined {
  for (const key of tokenKeys(url)) {
    const value = readSetting(npmrc, key);
    if (value !== undefined && value !== '') return expandVariables(value, env);
  }
  return undefined;
}

function* tokenKeys(url: string): Iterable<string> {
  const { host, pathname } = new URL(url);
  let path = pathname;
  while (path !== '') {
    yield `//${host}${path}:_authToken`;
    path = path.replace(/(?:[^/]+|\/)$/, '');
  }
  yield `//${host}:_authToken`;
}

/**
 * Parses the address of a registry; the answer ends with a slash.
 * @throws {CliError} USAGE.
 */
export function parseRegistryUrl(address: string): string {
  checkLength(address);
  const url = URL.parse(address.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CliError(
      'USAGE',
      `"${address}" is not the address of a registry`,
      `Use an address such as ${HOME_REGISTRY}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('USAGE', 'The address of a registry must not contain a password', 'Sign in with: progy login');
  }
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/*$/, '/');
}

function checkLength({ length }: string): void {
  if (length <= MAX_ADDRESS) return;
  const count = `${length.toLocaleString('en')} characters, of at most ${MAX_ADDRESS.toLocaleString('en')}`;
  throw new CliError(
    'USAGE',
    `The address of a registry is too long: ${count}`,
    `Use an address such as ${HOME_REGISTRY}`,
  );
}
