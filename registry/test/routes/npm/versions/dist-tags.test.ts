// /-/package/@scope/slug/dist-tags: what `npm dist-tag` reads and writes.
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const marta = await registry.signUp('marta');
for (const version of ['1.0.0', '1.1.0']) {
  const course = { description: `Rust ${version}` };
  await registry.publish(diego, await packCourse('@diego/rust', version, { course }));
}
const TAGS = '/-/package/@diego%2frust/dist-tags';

const put = (tag: string, body: unknown, token = diego, path = TAGS) =>
  registry.json(`${path}/${tag}`, {
    method: 'PUT',
    headers: { ...bearer(token), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const remove = (tag: string, token = diego) =>
  registry.json(`${TAGS}/${tag}`, { method: 'DELETE', headers: bearer(token) });
const tags = async () => (await registry.json(TAGS)).body;

t.test('a tag is added, moved and removed', async (t) => {
  t.equal((await put('fall-2026', '1.0.0')).status, 200);
  t.same(await tags(), { 'fall-2026': '1.0.0', latest: '1.1.0' });
  t.equal((await put('fall-2026', '1.1.0')).status, 200);
  t.same(await tags(), { 'fall-2026': '1.1.0', latest: '1.1.0' });
  t.equal((await remove('fall-2026')).status, 200);
  t.same(await tags(), { latest: '1.1.0' });
});

t.test('a tag may be called what every object has, and the log says that it was not there', async (t) => {
  for (const tag of ['constructor', 'toString']) {
    t.equal((await put(tag, '1.0.0')).status, 200);
    const { body } = await registry.json('/registry/audit-log/diego/rust?limit=1', { headers: bearer(diego) });
    t.match(body.entries, [{ action: 'dist-tag add', before: null, after: { [tag]: '1.0.0' } }], tag);
    t.equal((await remove(tag)).status, 200);
  }
});

t.test('latest moved by hand takes a release back, everywhere, and the packument is no longer fresh', async (t) => {
  const etag = (await registry.fetch('/@diego%2frust')).headers.get('etag') ?? '';
  t.equal((await put('latest', '1.0.0')).status, 200);
  const packument = await registry.json('/@diego%2frust', { headers: { 'If-None-Match': etag } });
  t.match(packument, { status: 200, body: { 'dist-tags': { latest: '1.0.0' }, description: 'Rust 1.0.0' } });
  t.match((await registry.json('/registry/resolve/diego/rust')).body, { latest: '1.0.0' });
  t.equal((await put('latest', '1.1.0')).status, 200);
});

t.test('what may not be: each refusal has its code, and changes nothing', async (t) => {
  const before = await tags();
  t.match(await remove('latest'), { status: 400, body: { code: 'INVALID_TAG' } });
  t.match(await remove('none'), { status: 404, body: { code: 'NOT_FOUND' } });
  t.match(await put('v1', '1.0.0'), { status: 400, body: { code: 'INVALID_TAG' } });
  t.match(await put('beta', '9.9.9'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
  t.match(await put('beta', { version: '1.0.0' }), { status: 400, body: { code: 'INVALID_REQUEST' } });
  t.match(await put('beta', 'x'.repeat(2000)), { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  t.match(await put('beta', '1.0.0', marta), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await put('beta', '1.0.0', 'progy_nothing'), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.match(await put('beta', '1.0.0', diego, '/-/package/@diego%2fnone/dist-tags'), {
    status: 404,
    body: { code: 'PACKAGE_NOT_FOUND' },
  });
  t.same(await tags(), before);
});

t.test('somebody else’s private course is missing, not forbidden', async (t) => {
  await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
  const answer = await put('beta', '1.0.0', marta, '/-/package/@diego%2fsecret/dist-tags');
  t.match(answer, { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
});
