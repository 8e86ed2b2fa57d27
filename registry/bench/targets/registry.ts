// Owns the requests that all npm registries get: sign-up, publishes and reads as clients send them.
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import { loginPath, PUBLISH_PATH, packumentPath, SEARCH_PATH, tarballPath } from '@progy/protocol/wire/urls.ts';
import { request } from 'undici';
import { type Ask, send } from '../measure/load.ts';
import { npmDocument, type Publish, progyForm, RARE_WORD } from '../work/packages.ts';
import type { PublishScenario, ReadScenario } from '../work/scenarios.ts';
import type { Reading, Target, TargetName } from './target.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';
const SIGN_UP = { name: 'diego', password: 'only for this measurement', type: 'user' };

export interface Registry {
  name: TargetName;
  url: string;
  version: string;
  /** Whether it accepts the requests of `progy publish`. */
  progyDoor: boolean;
  /** Its addresses of tarballs, if they differ from those of npm registries. */
  tarballPath?: (name: PackageName, version: string) => string;
  stop(): Promise<void>;
}

/** A running registry as a target. The benchmark is signed in as diego, who owns the packages. */
export async function registryTarget(registry: Registry): Promise<Target> {
  return targetWithToken(registry, await signUp(registry.url));
}

/** The same for a registry that has already issued a token. */
export function targetWithToken(registry: Registry, token: string): Target {
  const { name, url, version, progyDoor, stop } = registry;
  const publish = async ({ door }: Pick<PublishScenario, 'door'>, it: Publish): Promise<Ask | undefined> => {
    if (door === 'progy') return progyDoor ? progyPublish(it, token) : undefined;
    return npmPublish(it, token);
  };
  const read = async (scenario: ReadScenario) => offered(url, await readingOf(registry, scenario, token));
  const seed: Target['seed'] = async ({ publishes }) => {
    for (const it of publishes) await send(url, npmPublish(it, token));
  };
  return { name, url, version, seed, read, publish, stop };
}

/** Creates the account diego, and returns its token. */
export async function signUp(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await request(url + loginPath(SIGN_UP.name), {
    method: 'PUT',
    headers,
    body: JSON.stringify(SIGN_UP),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 201) throw new Error(`${url} gives no token, but ${answer.statusCode}: ${text}`);
  return (JSON.parse(text) as { token: string }).token;
}

function npmPublish(publish: Publish, token: string): Ask {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return { method: 'PUT', path: packumentPath(parsePackageName(publish.name)), headers, body: npmDocument(publish) };
}

async function progyPublish(publish: Publish, token: string): Promise<Ask> {
  const { type, body } = await progyForm(publish);
  return {
    method: 'POST',
    path: PUBLISH_PATH,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body,
  };
}

async function readingOf(registry: Registry, scenario: ReadScenario, token: string): Promise<Reading | undefined> {
  const path = pathOf(registry, scenario);
  const headers: Record<string, string> = {
    ...(scenario.want === 'abbreviated' ? { accept: ABBREVIATED } : {}),
    ...(scenario.gzip ? { 'accept-encoding': 'gzip' } : {}),
    ...(scenario.signedIn ? { authorization: `Bearer ${token}` } : {}),
  };
  if (!scenario.conditional) return { method: 'GET', path, headers, status: scenario.want === 'missing' ? 404 : 200 };
  const { headers: answered, body } = await request(registry.url + path, { headers });
  await body.dump();
  const etag = answered.etag;
  return typeof etag === 'string'
    ? { method: 'GET', path, headers: { ...headers, 'if-none-match': etag }, status: 304 }
    : undefined;
}

function pathOf({ tarballPath: pathOfTarball = tarballPath }: Registry, { want, package: name }: ReadScenario): string {
  const parsed = parsePackageName(name);
  if (want === 'manifest') return `${packumentPath(parsed)}/1.0.0`;
  if (want === 'tarball') return pathOfTarball(parsed, '1.0.0');
  if (want === 'search') return `${SEARCH_PATH}?text=${RARE_WORD}`;
  return packumentPath(parsed);
}

/** The read, if the registry answers it correctly. */
async function offered(url: string, reading: Reading | undefined): Promise<Reading | undefined> {
  if (reading === undefined) return undefined;
  const { statusCode, body } = await request(url + reading.path, { headers: reading.headers });
  await body.dump();
  return statusCode === reading.status ? reading : undefined;
}
