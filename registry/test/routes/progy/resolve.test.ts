// GET /registry/resolve/:scope/:slug, the schema of course.json, and the dist-tags list.
import t from 'tap';
import { openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const published: Record<string, Record<string, unknown>> = {};
for (const [version, tag] of [['1.0.0'], ['2.0.0'], ['1.0.1'], ['3.0.0-rc.1', 'next']] as const) {
  const file = await packCourse('@diego/rust', version, { course: { description: `Rust ${version}` } });
  published[version] = (await registry.publish(diego, file, { tag, changelog: `About ${version}` })).body;
}

t.test('resolve has the seed’s fields, versions newest first', async (t) => {
  const { status, body } = await registry.json('/registry/resolve/diego/rust');
  t.equal(status, 200);
  t.match(body, { name: '@diego/rust', latest: '2.0.0', description: 'Rust 2.0.0' });
  t.same(body.versions, ['3.0.0-rc.1', '1.0.1', '2.0.0', '1.0.0']);
  t.same(body.distTags, { latest: '2.0.0', next: '3.0.0-rc.1' });
});

t.test('resolve has for each version what verifies its file', async (t) => {
  const { body } = await registry.json('/registry/resolve/@diego/rust');
  const artifacts = body.artifacts as Record<string, Record<string, unknown>>;
  for (const [version, receipt] of Object.entries(published)) {
    const { url, checksum, integrity, sizeBytes, tree } = receipt;
    t.match(artifacts[version], { url, checksum, integrity, sizeBytes, tree, changelog: `About ${version}` }, version);
  }
  t.same(artifacts['2.0.0']?.distTags, ['latest']);
  t.same(artifacts['1.0.0']?.distTags, []);
});

t.test('resolve of what is not there is 404, of what is no name 400', async (t) => {
  t.match(await registry.json('/registry/resolve/diego/none'), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
  t.match(await registry.json('/registry/resolve/Diego/none'), { status: 400, body: { code: 'INVALID_NAME' } });
});

t.test('dist-tags ls lists every tag', async (t) => {
  const { body } = await registry.json('/-/package/@diego%2frust/dist-tags');
  t.same(body, { latest: '2.0.0', next: '3.0.0-rc.1' });
  t.equal((await registry.json('/-/package/@diego%2fnone/dist-tags')).status, 404);
});

t.test('latest stays with the first prerelease until a stable version comes', async (t) => {
  const tags = async () => (await registry.json('/-/package/@diego%2fyoung/dist-tags')).body;
  await registry.publish(diego, await packCourse('@diego/young', '1.0.0-beta.1'), { tag: 'beta' });
  t.same(await tags(), { beta: '1.0.0-beta.1', latest: '1.0.0-beta.1' });
  await registry.publish(diego, await packCourse('@diego/young', '1.0.0-beta.2'), { tag: 'beta' });
  t.same(await tags(), { beta: '1.0.0-beta.2', latest: '1.0.0-beta.1' });
  await registry.publish(diego, await packCourse('@diego/young', '0.9.0'));
  t.same(await tags(), { beta: '1.0.0-beta.2', latest: '0.9.0' });
});

t.test('a stable version under a tag leaves latest alone', async (t) => {
  await registry.publish(diego, await packCourse('@diego/tagged', '1.0.0'));
  await registry.publish(diego, await packCourse('@diego/tagged', '2.0.0'), { tag: 'fall-2026' });
  const { body } = await registry.json('/-/package/@diego%2ftagged/dist-tags');
  t.same(body, { 'fall-2026': '2.0.0', latest: '1.0.0' });
});

t.test('the schema of course.json is served as JSON Schema', async (t) => {
  const { status, headers, body } = await registry.json('/schema/course.json');
  t.equal(status, 200);
  t.match(headers.get('content-type'), 'application/schema+json');
  t.match(body, { title: 'Progy course', type: 'object', required: ['name', 'version'] });
});
