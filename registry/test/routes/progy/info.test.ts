// GET /registry/info: a course, its versions, and the outline that the registry made of its files.
import { MAX_OUTLINE_BYTES } from '@progy/protocol/course/outline.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const publish = async (version: string, parts: Parameters<typeof packCourse>[2] = {}, metadata?: object) =>
  registry.publish(diego, await packCourse('@diego/rust', version, parts), metadata);
const run = (sql: string) => registry.env.DB.prepare(sql).run();

await publish('1.0.0', {
  course: { description: 'Short exercises', keywords: ['rust'], license: 'MIT', title: 'Rust' },
  files: {
    'content/01_start/info.toml': '[module]\ntitle = "The start"\n[exercises]\n01_hello = "Say hello"\n',
    'content/02_more/a/README.md': '# More of it\n',
  },
});
await publish('1.1.0');
await publish('2.0.0-beta.1', {}, { tag: 'beta' });

t.test('info has the course, its tags and versions, and of one version the manifest and the outline', async (t) => {
  const { status, headers, body } = await registry.json('/registry/info/@diego/rust/1.0.0');
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'public, max-age=0, must-revalidate');
  t.match(body, {
    name: '@diego/rust',
    description: null,
    distTags: { latest: '1.1.0', beta: '2.0.0-beta.1' },
    downloads: { weekly: 0, monthly: 0 },
    versions: [{ version: '2.0.0-beta.1' }, { version: '1.1.0' }, { version: '1.0.0', deprecated: null, yanked: null }],
    publishedAt: /^\d{4}-\d\d-\d\dT/,
    manifest: {
      version: '1.0.0',
      license: 'MIT',
      keywords: ['rust'],
      _npmUser: { name: 'diego' },
      dist: { signatures: Array },
    },
  });
  t.same(body.manifest, (await registry.json('/@diego%2frust/1.0.0')).body);
  t.same(body.outline, {
    moduleCount: 2,
    exerciseCount: 2,
    modules: [
      { id: '01_start', title: 'The start', exerciseCount: 1, exercises: [{ id: '01_hello', title: 'Say hello' }] },
      { id: '02_more', title: 'More', exerciseCount: 1, exercises: [{ id: 'a', title: 'More of it' }] },
    ],
  });
});

t.test('without a version it is latest, and a tag names one too', async (t) => {
  const versionAt = async (path: string) => (await registry.json(path)).body.manifest;
  t.match(await versionAt('/registry/info/diego/rust'), { version: '1.1.0' });
  t.match(await versionAt('/registry/info/@diego/rust/latest'), { version: '1.1.0' });
  t.match(await versionAt('/registry/info/@diego%2frust/beta'), { version: '2.0.0-beta.1' });
});

t.test('downloads of all versions are counted together', async (t) => {
  for (const version of ['1.0.0', '1.1.0'])
    await (await registry.fetch(`/@diego/rust/-/rust-${version}.tgz`)).arrayBuffer();
  const downloads = async () => (await registry.json('/registry/info/@diego/rust')).body.downloads;
  // The count is written after the answer.
  while (((await downloads()) as { weekly: number }).weekly !== 2);
  t.same(await downloads(), { weekly: 2, monthly: 2 });
});

t.test('versions that are deprecated or yanked say so, unpublished ones are not there', async (t) => {
  await run(`UPDATE registry_versions SET yanked = 'Deletes files' WHERE version = '1.0.0'`);
  await run(`UPDATE registry_versions SET deprecated = 'Old' WHERE version = '1.1.0'`);
  await run(`UPDATE registry_versions SET unpublished_at = 1 WHERE version = '2.0.0-beta.1'`);
  t.match((await registry.json('/registry/info/@diego/rust/1.0.0')).body, {
    versions: [
      { version: '1.1.0', deprecated: 'Old' },
      { version: '1.0.0', yanked: 'Deletes files' },
    ],
    manifest: { deprecated: 'yanked: Deletes files' },
  });
});

t.test('a version from before there were outlines has none', async (t) => {
  await run(`UPDATE registry_versions SET outline = NULL WHERE version = '1.1.0'`);
  t.equal((await registry.json('/registry/info/@diego/rust')).body.outline, null);
});

t.test('an info.toml and READMEs that are slow to read hold nobody up', async (t) => {
  const spaces = ' '.repeat(15_000);
  const file = await packCourse('@diego/slow', '1.0.0', {
    files: {
      'content/01_start/info.toml': `[module]\ntitle = "The start"\n[${spaces}`,
      'content/02_more/info.toml': `[${spaces}`,
      'content/02_more/README.md': `# ${'[]('.repeat(5_000)}\n`,
      'content/02_more/a/README.md': `# More of it${spaces}#x\n`,
      'content/02_more/b/README.md': `# ${spaces}`,
    },
  });
  t.ok(file.length < 2_000, `${file.length} bytes are enough`);
  t.equal((await registry.publish(diego, file)).status, 201);
  t.match((await registry.json('/registry/info/@diego/slow')).body.outline, {
    exerciseCount: 3,
    modules: [
      { id: '01_start', title: 'The start', exercises: [{ id: '01_hello', title: 'Hello' }] },
      {
        id: '02_more',
        title: /^(\[\]\(){39}\[\]…$/,
        exercises: [
          { id: 'a', title: 'More of it' },
          { id: 'b', title: 'B' },
        ],
      },
    ],
  });
});

t.test('an outline never grows with the course', async (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [`content/m${i % 30}/${'long'.repeat(20)}${i}/x`, '']),
  );
  const published = await registry.publish(diego, await packCourse('@diego/huge', '1.0.0', { files }));
  t.equal(published.status, 201);
  const { outline } = (await registry.json('/registry/info/@diego/huge')).body;
  t.match(outline, { moduleCount: 31, exerciseCount: 3_001 });
  t.ok(JSON.stringify(outline).length <= MAX_OUTLINE_BYTES);
});

t.test('what is not there, or not theirs to see, is 404; what is no name is 400', async (t) => {
  await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
  const table: Record<string, [number, string]> = {
    '/registry/info/@diego/rust/9.9.9': [404, 'VERSION_NOT_FOUND'],
    '/registry/info/@diego/rust/nothing': [404, 'VERSION_NOT_FOUND'],
    '/registry/info/@diego/nothing': [404, 'PACKAGE_NOT_FOUND'],
    '/registry/info/@diego/secret': [404, 'PACKAGE_NOT_FOUND'],
    '/registry/info/@Diego/rust': [400, 'INVALID_NAME'],
  };
  for (const [path, [status, code]] of Object.entries(table))
    t.match(await registry.json(path), { status, body: { code } }, path);
  const own = await registry.json('/registry/info/@diego/secret', { headers: bearer(diego) });
  t.match([own.status, own.headers.get('cache-control')], [200, 'private, no-store']);
});
