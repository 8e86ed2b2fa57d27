// What npm's clients can ask of any registry: each address does what it is for, or says in JSON why not; none pretends.
import { gzipSync } from 'node:zlib';
import { ERRORS, type ErrorCode, isErrorCode } from '@progy/protocol/errors.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
await registry.publish(diego, await packCourse('@diego/rust'));
const METHODS = ['GET', 'PUT', 'POST', 'DELETE'];
const ALL: string[] = METHODS;
const BUT_GET = METHODS.slice(1);

/** Methods, address, code, and a part of the sentence. */
const REFUSED: [methods: string[], path: string, code: ErrorCode, says: RegExp][] = [
  [ALL, '/-/stage', 'NOT_FOUND', /no staging: npm publish/],
  [ALL, '/-/stage?page=0&perPage=100', 'NOT_FOUND', /no staging/],
  [ALL, '/-/stage/package/@diego%2frust', 'NOT_FOUND', /no staging/],
  [ALL, '/-/stage/6f1d6f3c-3d2b-4c55-9f0e-3f7d9c1f3a11/approve', 'NOT_FOUND', /no staging/],
  [ALL, '/-/npm/v1/oidc/token/exchange/package/@diego%2frust', 'NOT_FOUND', /create a token with npm token create/],
  [ALL, '/-/package/@diego%2frust/trust', 'NOT_FOUND', /no trusted publishing/],
  [ALL, '/-/package/@diego%2frust/trust/1', 'NOT_FOUND', /no trusted publishing/],
  [
    ALL,
    '/-/npm/v1/attestations/@diego/rust@1.0.0',
    'NOT_FOUND',
    /signs every version, with the keys at \/-\/npm\/v1\/keys/,
  ],
  [ALL, '/-/npm/v1/hooks', 'NOT_FOUND', /no hooks/],
  [ALL, '/-/npm/v1/hooks/hook/1', 'NOT_FOUND', /no hooks/],
  [ALL, '/-/_view/starredByUser?key=%22diego%22', 'NOT_FOUND', /no stars/],
  [ALL, '/-/all', 'NOT_FOUND', /use npm search/],
  [ALL, '/-/all/since?stale=update_after&startkey=0', 'NOT_FOUND', /use npm search/],
  [BUT_GET, '/-/npm/v1/user', 'METHOD_NOT_ALLOWED', /npm profile get only shows them/],
  [ALL, '/-/package/@diego%2frust/version/1.0.0/status', 'NOT_FOUND', /There is nothing at/],
  [ALL, '/-/npm/v1/advisories', 'NOT_FOUND', /There is nothing at/],
  [ALL, '/-/nothing', 'NOT_FOUND', /There is nothing at/],
  [ALL, '/-/', 'NOT_FOUND', /There is nothing at/],
  [BUT_GET, '/-/ping', 'NOT_FOUND', /There is nothing at/],
  [BUT_GET, '/-/whoami', 'NOT_FOUND', /There is nothing at/],
  [BUT_GET, '/-/v1/search?text=rust', 'NOT_FOUND', /There is nothing at/],
  [BUT_GET, '/-/npm/v1/keys', 'NOT_FOUND', /There is nothing at/],
  [BUT_GET, '/downloads/point/last-week/@diego/rust', 'NOT_FOUND', /There is nothing at/],
  [['GET', 'PUT', 'DELETE'], '/-/npm/v1/security/advisories/bulk', 'NOT_FOUND', /There is nothing at/],
  [['GET', 'PUT', 'DELETE'], '/-/npm/v1/security/audits/quick', 'NOT_FOUND', /There is nothing at/],
  [['GET'], '/pnpm', 'PACKAGE_NOT_FOUND', /Package not found: pnpm\..*names such as @diego\/rust-mastery/],
  [['PUT'], '/left-pad', 'INVALID_NAME', /such as @username\/left-pad/],
  [['POST', 'DELETE'], '/pnpm', 'NOT_FOUND', /There is nothing at/],
];
for (const [methods, path, code, says] of REFUSED) {
  t.test(`${methods.join(', ')} ${path}: ${ERRORS[code].status} ${code}`, async (t) => {
    for (const method of methods) {
      const body = method === 'GET' ? undefined : '{"a":1}';
      for (const headers of [{}, bearer(diego)]) {
        const answer = await registry.json(path, {
          method,
          headers: { 'Content-Type': 'application/json', ...headers },
          body,
        });
        t.match(answer, { status: ERRORS[code].status, body: { code, error: says, message: says } }, method);
        t.match(answer.headers.get('content-type'), /^application\/json/, method);
      }
    }
  });
}

/** Addresses that exist: other tests check their answers, this one that they come from the route, in JSON. */
const SERVED: [method: string, path: string][] = [
  ['GET', '/@diego%2frust'],
  ['GET', '/@diego%2Frust?write=true'],
  ['GET', '/@diego/rust/latest'],
  ['GET', '/-/package/@diego%2frust/dist-tags'],
  ['GET', '/-/ping'],
  ['GET', '/-/ping?write=true'],
  ['GET', '/-/whoami'],
  ['GET', '/-/v1/search?text=rust'],
  ['GET', '/-/npm/v1/keys'],
  ['GET', '/-/npm/v1/user'],
  ['GET', '/-/npm/v1/tokens'],
  ['GET', '/-/package/@diego%2frust/visibility'],
  ['GET', '/-/package/@diego%2frust/collaborators'],
  ['GET', '/-/user/diego/package'],
  ['GET', '/downloads/range/last-week/@diego/rust'],
  ['POST', '/-/npm/v1/security/advisories/bulk'],
  ['POST', '/-/npm/v1/security/audits'],
  ['POST', '/-/npm/v1/security/audits/quick'],
];
for (const [method, path] of SERVED) {
  t.test(`${method} ${path} is served, as JSON`, async (t) => {
    const body = method === 'POST' ? gzipSync('{"express":["4.0.0"]}') : undefined;
    const packed: Record<string, string> = body
      ? { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }
      : {};
    const answer = await registry.fetch(path, { method, headers: { ...packed, ...bearer(diego) }, body });
    t.equal(answer.status, 200);
    t.match(answer.headers.get('content-type'), /json/);
    t.type(await answer.json(), 'object');
  });
}

t.test('a client that asks for its own newest version each time may keep the answer for an hour', async (t) => {
  for (const path of ['/npm', '/pnpm', '/yarn']) {
    t.equal((await registry.fetch(path)).headers.get('cache-control'), 'public, max-age=3600', path);
  }
  t.equal((await registry.fetch('/-/stage')).headers.get('cache-control'), 'no-store', 'others are asked again');
});

t.test('whatever stands after /-/, no method gets HTML, a fake success or a failure of the registry', async (t) => {
  const pieces = ['user', 'npm', 'package', '@diego', 'org', 'team', 'login', '-rev'];
  for (const first of pieces) {
    for (const second of pieces) {
      for (const method of METHODS) {
        const { status, headers, body } = await registry.json(`/-/${first}/${second}`, { method });
        t.ok(status >= 400 && status < 500, `${method} /-/${first}/${second}: ${status}`);
        if (!isErrorCode(body.code)) t.fail(`${method} /-/${first}/${second}: ${headers.get('content-type')}`);
      }
    }
  }
});
