// Owns the calls table: the counted routes, and the goal for the sequential calls of each.
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import {
  downloadPath,
  PING_PATH,
  PUBLISH_PATH,
  packumentPath,
  resolvePath,
  SEARCH_PATH,
  tarballPath,
} from '@progy/protocol/wire/urls.ts';
import { makePublish, npmDocument, progyForm } from '../work/packages.ts';
import type { CountedRegistry, RequestCalls } from './counted-registry.ts';

export interface RouteCalls {
  route: string;
  /** Sequential calls until the answer; undefined without a goal. */
  goal?: number;
  /** The first time: a course's first version, or the first read of a course. */
  first: RequestCalls;
  /** Right after that: the next version, or the same read. */
  again: RequestCalls;
}

interface Route {
  route: string;
  goal?: number;
  status: number;
  /** The first request, and the next one. */
  asks: [Ask, Ask];
}

interface Ask {
  path: string;
  init?: RequestInit;
}

const BYTES = 100 * 1024;
const VERSION = '1.0.0';
const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };

/**
 * Counts every route, in the order of the table. Each has its own course, so that none finds what another has cached.
 * @throws {Error} if a route does not answer as it should.
 */
export async function countRoutes(registry: CountedRegistry): Promise<RouteCalls[]> {
  const counted: RouteCalls[] = [];
  for (const { asks, status, ...route } of await routesOf(registry)) {
    const first = await count(registry, asks[0], status);
    counted.push({ ...route, first, again: await count(registry, asks[1], status) });
  }
  return counted;
}

async function count(registry: CountedRegistry, { path, init = {} }: Ask, status: number): Promise<RequestCalls> {
  const answer = await fetch(registry.url + path, init);
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`);
  return registry.lastCalls();
}

async function routesOf(registry: CountedRegistry): Promise<Route[]> {
  const { token } = registry;
  const npm = (version: string) => npmPublish('@diego/by-npm', version, token);
  const progy = (version: string) => progyPublish('@diego/by-progy', version, token);
  return [
    { route: 'publish, npm door', goal: 4, status: 201, asks: [npm('1.0.0'), npm('1.1.0')] },
    { route: 'publish, progy door', goal: 4, status: 201, asks: [await progy('1.0.0'), await progy('1.1.0')] },
    ...(await readsOf(registry)),
  ];
}

function npmPublish(name: string, version: string, token: string): Ask {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = new Uint8Array(npmDocument(makePublish(name, version, BYTES)));
  return { path: packumentPath(parsePackageName(name)), init: { method: 'PUT', headers, body } };
}

async function progyPublish(name: string, version: string, token: string): Promise<Ask> {
  const { type, body } = await progyForm(makePublish(name, version, BYTES));
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
  return { path: PUBLISH_PATH, init: { method: 'POST', headers, body: new Uint8Array(body) } };
}

/** Reads of a course, with their addresses. */
type Read = Pick<Route, 'route' | 'goal'> & { path: (name: PackageName) => string; headers?: Record<string, string> };

const READS: readonly Read[] = [
  { route: 'packument', goal: 1, path: packumentPath },
  { route: 'packument, abbreviated', goal: 1, path: packumentPath, headers: ABBREVIATED },
  { route: 'manifest of a version', goal: 1, path: (name) => `${packumentPath(name)}/${VERSION}` },
  { route: 'manifest of a tag', goal: 1, path: (name) => `${packumentPath(name)}/latest` },
  { route: 'resolve', path: resolvePath },
  { route: 'search', path: ({ slug }) => `${SEARCH_PATH}?text=${slug}` },
  // Last: what was downloaded is written a second later, beside whichever request is under way then.
  { route: 'tarball', goal: 2, path: (name) => tarballPath(name, VERSION) },
  { route: 'download, .progy', goal: 2, path: (name) => downloadPath(name, VERSION) },
];

/** Publishes a course for each read. */
async function readsOf({ url, token }: CountedRegistry): Promise<Route[]> {
  const routes: Route[] = [];
  const signedIn = { headers: { Authorization: `Bearer ${token}` } };
  for (const [i, { route, goal, path, headers = {} }] of READS.entries()) {
    const name = await publish(url, `@diego/read-${i}`, token);
    const ask = { path: path(name), init: { headers } };
    routes.push({ route, goal, status: 200, asks: [ask, ask] });
  }
  const own = { path: packumentPath(await publish(url, '@diego/read-signed-in', token)), init: signedIn };
  const missing = { path: packumentPath(parsePackageName('@diego/missing')) };
  return [
    { route: 'ping', goal: 0, status: 200, asks: [{ path: PING_PATH }, { path: PING_PATH }] },
    { route: '404', goal: 1, status: 404, asks: [missing, missing] },
    { route: 'packument, signed in', goal: 1, status: 200, asks: [own, own] },
    ...routes,
  ];
}

async function publish(url: string, name: string, token: string): Promise<PackageName> {
  const { path, init } = npmPublish(name, VERSION, token);
  const answer = await fetch(url + path, init);
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
  return parsePackageName(name);
}
