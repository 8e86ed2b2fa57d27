// Owns the calls table: which routes are counted, and how many calls in turn each may make once it is as fast as we want.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
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

export interface RouteCalls extends RequestCalls {
  route: string;
  /** Calls in turn until the answer; undefined where there is no goal. */
  goal?: number;
}

interface Route {
  route: string;
  goal?: number;
  path: string;
  status: number;
  init?: RequestInit;
}

const NAME = '@diego/counted';
const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };

/**
 * Counts every route, in the order of the table. Each is asked twice, and the second time counts: what an isolate does
 * once, when it starts, is no part of a request.
 * @throws {Error} if a route does not answer as it should.
 */
export async function countRoutes(registry: CountedRegistry): Promise<RouteCalls[]> {
  const counted: RouteCalls[] = [];
  for (const { before, measured } of await routesOf(registry.token)) {
    await ask(registry, before);
    await ask(registry, measured);
    const { route, goal } = measured;
    counted.push({ route, ...(goal === undefined ? {} : { goal }), ...(await registry.lastCalls()) });
  }
  return counted;
}

async function ask({ url }: CountedRegistry, { route, path, status, init = {} }: Route): Promise<void> {
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${route} answered ${answer.status}: ${text.slice(0, 500)}`);
}

/** Publishes come first: the reads need what they publish. */
async function routesOf(token: string): Promise<{ before: Route; measured: Route }[]> {
  const publishes = [
    { before: npmPublish('1.0.0', token), measured: npmPublish('1.1.0', token) },
    { before: await progyPublish('1.2.0', token), measured: await progyPublish('1.3.0', token) },
  ];
  return [...publishes, ...readsOf(token).map((read) => ({ before: read, measured: read }))];
}

function npmPublish(version: string, token: string): Route {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = new Uint8Array(npmDocument(makePublish(NAME, version, 100 * 1024)));
  const path = packumentPath(parsePackageName(NAME));
  return { route: 'publish, npm door', goal: 4, path, status: 201, init: { method: 'PUT', headers, body } };
}

async function progyPublish(version: string, token: string): Promise<Route> {
  const { type, body } = await progyForm(makePublish(NAME, version, 100 * 1024));
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
  const init = { method: 'POST', headers, body: new Uint8Array(body) };
  return { route: 'publish, progy door', goal: 4, path: PUBLISH_PATH, status: 201, init };
}

function readsOf(token: string): Route[] {
  const name = parsePackageName(NAME);
  const path = packumentPath(name);
  const status = 200;
  return [
    { route: 'packument', goal: 1, path, status },
    { route: 'packument, abbreviated', goal: 1, path, status, init: { headers: ABBREVIATED } },
    { route: 'packument, signed in', goal: 1, path, status, init: { headers: { Authorization: `Bearer ${token}` } } },
    { route: 'manifest of a version', goal: 1, path: `${path}/1.1.0`, status },
    { route: 'manifest of a tag', goal: 1, path: `${path}/latest`, status },
    { route: '404', goal: 1, path: packumentPath(parsePackageName('@diego/missing')), status: 404 },
    { route: 'tarball', goal: 2, path: tarballPath(name, '1.1.0'), status },
    { route: 'download, .progy', goal: 2, path: downloadPath(name, '1.1.0'), status },
    { route: 'resolve', path: resolvePath(name), status },
    { route: 'search', path: `${SEARCH_PATH}?text=counted`, status },
    { route: 'ping', goal: 0, path: PING_PATH, status },
  ];
}
