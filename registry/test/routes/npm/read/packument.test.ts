// GET /@scope/slug and GET /@scope/slug/<version or tag>: npm's documents.
import { createHash } from 'node:crypto';
import type { AbbreviatedPackument, Manifest, Packument } from '@progy/protocol/wire/packument.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';
const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const course = {
  description: 'Learn Rust',
  keywords: ['rust', 'systems'],
  license: 'MIT',
  author: 'Diego <diego@example.com> (https://diego.example)',
  repository: 'https://example.com/diego/rust.git',
  engines: { progy: '>=0.1.0' },
  title: 'Rust!',
  scripts: { postinstall: 'echo never' },
  dependencies: { left: '1.0.0' },
  bin: 'x.js',
};
const files = { 'README.md': '# Rust\n\nHello.' };
for (const version of ['1.0.0', '1.1.0', '1.0.1']) {
  await registry.publish(diego, await packCourse('@diego/rust', version, { course, files }));
}
await registry.publish(diego, await packCourse('@diego/rust', '2.0.0-beta.1', { course, files }), { tag: 'beta' });

async function packument(path = '/@diego%2frust', init?: RequestInit): Promise<Packument> {
  return (await registry.json(path, init)).body as unknown as Packument;
}

t.test('the full form has all that npm view shows', async (t) => {
  const body = await packument();
  t.match(body, {
    _id: '@diego/rust',
    _rev: /^4-/,
    name: '@diego/rust',
    description: 'Learn Rust',
    'dist-tags': { latest: '1.1.0', beta: '2.0.0-beta.1' },
    maintainers: [{ name: 'diego', email: /@users\./ }],
    readme: '# Rust\n\nHello.',
    license: 'MIT',
    keywords: ['rust', 'systems'],
  });
  t.same(Object.keys(body.versions), ['1.0.0', '1.1.0', '1.0.1', '2.0.0-beta.1'], 'in order of publication');
  t.same(Object.keys(body.time), ['created', 'modified', '1.0.0', '1.1.0', '1.0.1', '2.0.0-beta.1']);
  for (const time of Object.values(body.time)) t.equal(new Date(time).toISOString(), time);
});

t.test('a manifest carries the course’s own fields, and nothing that npm would run', async (t) => {
  const manifest = (await packument()).versions['1.0.0'];
  t.match(manifest, {
    _id: '@diego/rust@1.0.0',
    author: { name: 'Diego', email: 'diego@example.com', url: 'https://diego.example' },
    repository: { type: 'git', url: 'https://example.com/diego/rust.git' },
    progy: { course: 'course.json', title: 'Rust!', engine: '>=0.1.0' },
    _npmUser: { name: 'diego' },
  });
  for (const key of ['scripts', 'dependencies', 'bin', 'engines', 'private']) t.notOk(key in (manifest ?? {}), key);
});

t.test('dist describes the tarball, and dist.progy the .progy file, as they are served', async (t) => {
  const dist = (await packument()).versions['1.0.0']?.dist;
  t.equal(dist?.tarball, 'http://registry.test/@diego/rust/-/rust-1.0.0.tgz');
  t.equal(dist?.progy.url, 'http://registry.test/registry/download/@diego/rust/1.0.0');
  const tarball = Buffer.from(await (await registry.fetch('/@diego/rust/-/rust-1.0.0.tgz')).arrayBuffer());
  const progy = Buffer.from(await (await registry.fetch('/registry/download/diego/rust/1.0.0')).arrayBuffer());
  t.equal(dist?.integrity, `sha512-${createHash('sha512').update(tarball).digest('base64')}`);
  t.equal(dist?.shasum, createHash('sha1').update(tarball).digest('hex'));
  t.equal(dist?.progy.integrity, `sha512-${createHash('sha512').update(progy).digest('base64')}`);
  t.equal(dist?.progy.sha256, createHash('sha256').update(progy).digest('hex'));
  t.equal(dist?.progy.size, progy.length);
  t.equal(dist?.fileCount, 6, 'package.json, the notice, three course files, files.json');
});

t.test('the abbreviated form is small, has time, and names its type', async (t) => {
  const response = await registry.fetch('/@diego%2frust', {
    headers: { Accept: `${ABBREVIATED}; q=1.0, application/json; q=0.8, */*` },
  });
  t.match(response.headers.get('content-type'), ABBREVIATED);
  const body = (await response.json()) as AbbreviatedPackument;
  t.same(Object.keys(body).sort(), ['dist-tags', 'modified', 'name', 'time', 'versions']);
  t.same(Object.keys(body.versions['1.0.0'] ?? {}), ['name', 'version', 'dist']);
  const { progy, signatures, ...dist } = (await packument()).versions['1.0.0']?.dist ?? {};
  t.same(body.versions['1.0.0']?.dist, dist, 'what an installer checks a tarball with');
  t.ok(progy && signatures, 'the rest is in the full form');
});

t.test('every spelling of the name is the same document', async (t) => {
  const expected = await packument();
  for (const path of ['/@diego/rust', '/@diego%2Frust', '/%40diego%2frust', '/@diego%2frust?write=true']) {
    t.same(await packument(path), expected, path);
  }
});

t.test('a version or a tag names one manifest', async (t) => {
  const { versions } = await packument();
  for (const [path, version] of Object.entries({
    '/@diego%2frust/1.0.1': '1.0.1',
    '/@diego/rust/latest': '1.1.0',
    '/@diego/rust/beta': '2.0.0-beta.1',
  })) {
    const { body } = await registry.json(path);
    t.same(body as unknown as Manifest, versions[version], path);
  }
  t.match(await registry.json('/@diego/rust/9.9.9'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
  t.match(await registry.json('/@diego/rust/gamma'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
});

t.test('a copy that is fresh is answered 304, until the next publish', async (t) => {
  const first = await registry.fetch('/@diego%2frust');
  const etag = first.headers.get('etag') ?? '';
  t.match(etag, /^"[^"]+"$/);
  t.equal(first.headers.get('cache-control'), 'public, max-age=0, must-revalidate');
  t.match(first.headers.get('vary'), /Accept/);
  const again = await registry.fetch('/@diego%2frust', { headers: { 'If-None-Match': etag } });
  t.equal(again.status, 304);
  t.equal(await again.text(), '');
  t.equal(again.headers.get('etag'), etag);
  const weak = await registry.fetch('/@diego%2frust', { headers: { 'If-None-Match': `"x", W/${etag}` } });
  t.equal(weak.status, 304);
  const other = await registry.fetch('/@diego%2frust', { headers: { 'If-None-Match': etag, Accept: ABBREVIATED } });
  t.equal(other.status, 200, 'the other form is another document');
  await registry.publish(diego, await packCourse('@diego/rust', '1.2.0', { course, files }));
  const changed = await registry.fetch('/@diego%2frust', { headers: { 'If-None-Match': etag } });
  t.equal(changed.status, 200);
});

t.test('HEAD answers the headers, OPTIONS lets pages on other origins read', async (t) => {
  const head = await registry.fetch('/@diego%2frust', { method: 'HEAD' });
  t.equal(head.status, 200);
  t.ok(head.headers.get('etag'));
  t.equal(head.headers.get('access-control-allow-origin'), '*');
  const options = await registry.fetch('/@diego%2frust', {
    method: 'OPTIONS',
    headers: { Origin: 'http://page.example', 'Access-Control-Request-Method': 'GET' },
  });
  t.equal(options.status, 204);
  t.match(options.headers.get('access-control-allow-methods'), /GET/);
});

t.test('URLs come from PUBLIC_ORIGIN, whatever the request calls this host', async (t) => {
  const poisoned = await registry.json('/@diego%2frust', { headers: { 'X-Forwarded-Host': 'evil.example' } });
  t.notMatch(JSON.stringify(poisoned.body), /evil/);
});

t.test('what does not exist is a 404 in JSON', async (t) => {
  for (const path of ['/@diego%2fnothing', '/@nobody/nothing', '/@Diego%2fRust', '/@diego/..%2fx']) {
    t.match(await registry.json(path), { status: 404, body: { code: /NOT_FOUND/, error: /./ } }, path);
  }
  for (const path of ['/react', '/pnpm', '/-/unknown', '/registry', '/favicon.ico']) {
    t.match(await registry.json(path), { status: 404, body: { code: 'NOT_FOUND' } }, path);
  }
});

t.test('a private course is there for its owner and 404 for everybody else', async (t) => {
  const marta = await registry.signUp('marta');
  await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
  const paths = [
    '/@diego%2fsecret',
    '/@diego%2fsecret/1.0.0',
    '/@diego/secret/-/secret-1.0.0.tgz',
    '/-/package/@diego%2fsecret/dist-tags',
    '/registry/resolve/diego/secret',
    '/registry/download/diego/secret/1.0.0',
  ];
  for (const path of paths) {
    const missing = await registry.json(path.replaceAll('secret', 'absent'));
    for (const headers of [{}, bearer(marta)]) {
      const answer = await registry.json(path, { headers });
      t.match(answer, { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } }, path);
      t.same(
        JSON.stringify(answer.body).replaceAll('secret', 'absent'),
        JSON.stringify(missing.body),
        'as if it were not there',
      );
    }
    const owner = await registry.fetch(path, { headers: bearer(diego) });
    t.equal(owner.status, 200, path);
    t.match(owner.headers.get('cache-control'), /no-store/, path);
    await owner.arrayBuffer();
  }
});

t.test('a token that proves nothing does not disturb reading public courses', async (t) => {
  const answer = await registry.json('/@diego%2frust', { headers: bearer('progy_expired') });
  t.equal(answer.status, 200);
  t.match(answer.headers.get('cache-control'), /^private/);
});
