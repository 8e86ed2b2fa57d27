// The short way of what installers read most: the same answers as through the list of routes.
import t from 'tap';
import { bearer, openRegistry, packCourse } from './harness.ts';
import { Course } from './helpers/lifecycle.ts';
import { exchange, requestText } from './helpers/raw-http.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const rust = new Course(registry, diego, '@diego/rust');
for (const version of ['1.0.0', '1.1.0', '1.2.0']) await rust.publish(version);
await rust.putWithout(await rust.read(), '1.2.0');
await registry.fetch('/registry/yank/diego/rust/1.1.0', {
  method: 'POST',
  headers: { ...bearer(diego), 'Content-Type': 'application/json' },
  body: JSON.stringify({ reason: 'broken' }),
});
await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
await registry.publish(diego, await packCourse('@diego/lost'));
const { objects } = await registry.env.R2.list({ prefix: 'packages/@diego/lost/' });
await registry.env.R2.delete(objects.map(({ key }) => key));

/** What differs between two equal answers. */
const OF_ITS_OWN = ['date'];

async function answerTo(path: string, headers: Record<string, string>) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const answer = await exchange(
    registry.url,
    requestText(`GET ${path}`, 'Host: registry.test', 'Connection: close', ...lines),
  );
  const shown = Object.entries(answer.headers).filter(([name]) => !OF_ITS_OWN.includes(name));
  const body = answer.body.toString('latin1').replace(/"requestId":"[^"]+"/, '"requestId":""');
  return { status: answer.status, headers: Object.fromEntries(shown), body };
}

const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };
const GZIP = { 'Accept-Encoding': 'gzip' };
const ETAGS = Object.fromEntries(
  await Promise.all(
    ['', '/1.0.0', '/-/rust-1.0.0.tgz'].map(async (path) => [
      path,
      (await registry.fetch(`/@diego/rust${path}`, { headers: { 'Accept-Encoding': 'identity' } })).headers.get('etag'),
    ]),
  ),
);

const TABLE: [path: string, headers: Record<string, string>, status: number][] = [
  ['rust', {}, 200],
  ['rust', GZIP, 200],
  ['rust', ABBREVIATED, 200],
  ['rust', { ...ABBREVIATED, ...GZIP }, 200],
  ['rust', { 'If-None-Match': ETAGS[''] }, 304],
  ['rust', bearer(diego), 200],
  ['rust', bearer('progy_unknown'), 200],
  ['rust/1.0.0', {}, 200],
  ['rust/1.1.0', {}, 200],
  ['rust/latest', {}, 200],
  ['rust/1.0.0', { 'If-None-Match': ETAGS['/1.0.0'] }, 304],
  ['rust/1.2.0', {}, 404],
  ['rust/9.9.9', {}, 404],
  ['rust/-/rust-1.0.0.tgz', {}, 200],
  ['rust/-/rust-1.1.0.tgz', {}, 200],
  ['rust/-/rust-1.0.0.tgz', { Range: 'bytes=3-9' }, 206],
  ['rust/-/rust-1.0.0.tgz', { Range: 'bytes=9000000-' }, 416],
  ['rust/-/rust-1.0.0.tgz', { 'If-None-Match': ETAGS['/-/rust-1.0.0.tgz'] }, 304],
  ['rust/-/rust-1.2.0.tgz', {}, 404],
  ['rust/-/other-1.0.0.tgz', {}, 404],
  ['nothing', {}, 404],
  ['nothing', bearer('progy_unknown'), 401],
  ['secret', {}, 404],
  ['secret', bearer(diego), 200],
  ['secret/1.0.0', bearer(diego), 200],
  ['secret/-/secret-1.0.0.tgz', {}, 404],
  ['secret/-/secret-1.0.0.tgz', bearer(diego), 200],
  ['lost/-/lost-1.0.0.tgz', {}, 500],
];

for (const [path, headers, status] of TABLE) {
  t.test(`${path} with ${JSON.stringify(headers)} is ${status}, both ways`, async (t) => {
    const long = await answerTo(`/%40diego/${path}`, headers);
    t.equal(long.status, status);
    for (const spelling of [`/@diego/${path}`, `/@diego%2f${path}`, `/@diego%2F${path}`])
      t.same(await answerTo(spelling, headers), long, spelling);
  });
}

t.test('what looks nearly like it is answered as before', async (t) => {
  const table: [path: string, init: RequestInit, status: number][] = [
    ['/@diego/rust', { method: 'HEAD' }, 200],
    ['/@diego/rust', { method: 'OPTIONS' }, 204],
    ['/@diego/rust', { method: 'PUT' }, 401],
    ['/@diego/rust?write=true', {}, 200],
    ['/@diego/rust/', {}, 404],
    ['/@Diego/rust', {}, 404],
    ['/@diego/rust/-/', {}, 404],
    ['/@diego/rust/-/rust-1.0.0.tgz/more', {}, 404],
    ['/@diego/rust/1.0.0/more', {}, 404],
    ['/@diego/rust/^1', {}, 404],
    ['/@diego/..rust', {}, 404],
  ];
  for (const [path, init, status] of table) {
    const answer = await registry.fetch(path, init);
    t.equal(answer.status, status, `${init.method ?? 'GET'} ${path}`);
    await answer.arrayBuffer();
  }
});
