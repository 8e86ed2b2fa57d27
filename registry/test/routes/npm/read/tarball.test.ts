// GET /@scope/slug/-/slug-1.0.0.tgz and GET /registry/download: stored bytes.
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { openRegistry, packCourse } from '../../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const file = await packCourse('@diego/rust');
await registry.publish(diego, file);
const TARBALL = '/@diego/rust/-/rust-1.0.0.tgz';
const PROGY = '/registry/download/@diego/rust/1.0.0';

async function bytesAt(path: string, init?: RequestInit): Promise<Buffer> {
  return Buffer.from(await (await registry.fetch(path, init)).arrayBuffer());
}

t.test('the tarball is a gzipped tar, the download is the uploaded file byte for byte', async (t) => {
  t.match(gunzipSync(await bytesAt(TARBALL)).toString('latin1'), 'package/course.json');
  t.ok((await bytesAt(PROGY)).equals(file));
});

t.test('every spelling clients use is the same tarball', async (t) => {
  const expected = await bytesAt(TARBALL);
  const spellings = [
    '/@diego%2frust/-/rust-1.0.0.tgz',
    '/@diego%2Frust/-/rust-1.0.0.tgz',
    '/@diego/rust/-/@diego/rust-1.0.0.tgz',
    '/@diego%2frust/-/@diego/rust-1.0.0.tgz',
  ];
  for (const path of spellings) t.ok((await bytesAt(path)).equals(expected), path);
  t.ok((await bytesAt('/registry/download/diego/rust/1.0.0')).equals(file));
});

t.test('artifacts are immutable attachments with a length and an ETag', async (t) => {
  for (const [path, name] of [
    [TARBALL, 'rust-1.0.0.tgz'],
    [PROGY, 'rust-1.0.0.progy'],
  ] as const) {
    const response = await registry.fetch(path);
    const length = (await response.arrayBuffer()).byteLength;
    t.match(Object.fromEntries(response.headers), {
      'content-type': 'application/octet-stream',
      'content-length': String(length),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
    const etag = response.headers.get('etag') ?? '';
    t.equal((await registry.fetch(path, { headers: { 'If-None-Match': etag } })).status, 304);
  }
});

t.test('HEAD has the length and no body', async (t) => {
  const response = await registry.fetch(PROGY, { method: 'HEAD' });
  t.equal(response.status, 200);
  t.equal(response.headers.get('content-length'), String(file.length));
  t.equal((await response.arrayBuffer()).byteLength, 0);
});

t.test('a range is 206 with those bytes', async (t) => {
  const size = file.length;
  const table: [string, number, number][] = [
    ['bytes=0-9', 0, 9],
    ['bytes=10-', 10, size - 1],
    ['bytes=-5', size - 5, size - 1],
    [`bytes=5-${size + 100}`, 5, size - 1],
    [`bytes=-${size * 2}`, 0, size - 1],
  ];
  for (const [range, first, last] of table) {
    const response = await registry.fetch(PROGY, { headers: { Range: range } });
    t.equal(response.status, 206, range);
    t.equal(response.headers.get('content-range'), `bytes ${first}-${last}/${size}`, range);
    t.ok(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(file.subarray(first, last + 1))), range);
  }
});

t.test('a checksum is that of the very file, however much of it is asked for', async (t) => {
  for (const [path, isSent] of [
    [PROGY, true],
    [TARBALL, false],
  ] as const) {
    const checksum = createHash('sha256')
      .update(await bytesAt(path))
      .digest('hex');
    const asked: RequestInit[] = [{}, { method: 'HEAD' }, { headers: { Range: 'bytes=3-9' } }];
    for (const init of asked) {
      const { headers } = await registry.fetch(path, init);
      t.equal(headers.get('x-checksum-sha256'), isSent ? checksum : null, `${path} ${JSON.stringify(init)}`);
    }
  }
});

t.test('a range beyond the end is 416, what is no range is the whole file', async (t) => {
  const beyond = await registry.fetch(PROGY, { headers: { Range: `bytes=${file.length}-` } });
  t.equal(beyond.status, 416);
  t.equal(beyond.headers.get('content-range'), `bytes */${file.length}`);
  for (const headers of [
    { Range: 'lines=1-2' },
    { Range: 'bytes=0-1,4-5' },
    { Range: 'bytes=0-9', 'If-Range': '"old"' },
  ]) {
    const response = await registry.fetch(PROGY, { headers: headers as Record<string, string> });
    t.equal(response.status, 200, JSON.stringify(headers));
    await response.arrayBuffer();
  }
});

t.test('a tarball or version that is not there is a 404 in JSON', async (t) => {
  const table: Record<string, string> = {
    '/@diego/rust/-/rust-9.9.9.tgz': 'VERSION_NOT_FOUND',
    '/@diego/rust/-/other-1.0.0.tgz': 'VERSION_NOT_FOUND',
    '/@diego/rust/-/rust-1.0.0.zip': 'VERSION_NOT_FOUND',
    '/@diego/rust/-/..%2f..%2fsecret.tgz': 'VERSION_NOT_FOUND',
    '/@diego/none/-/none-1.0.0.tgz': 'PACKAGE_NOT_FOUND',
    '/registry/download/diego/rust/9.9.9': 'VERSION_NOT_FOUND',
    '/registry/download/diego/none/1.0.0': 'PACKAGE_NOT_FOUND',
  };
  for (const [path, code] of Object.entries(table))
    t.match(await registry.json(path), { status: 404, body: { code } }, path);
  t.match(await registry.json('/registry/download/diego/rust/latest'), {
    status: 400,
    body: { code: 'INVALID_VERSION' },
  });
  t.match(await registry.json('/registry/download/Diego/rust/1.0.0'), { status: 400, body: { code: 'INVALID_NAME' } });
});

t.test('bytes that are gone are a 500 ARTIFACT_MISSING, never a 404', async (t) => {
  await registry.publish(diego, await packCourse('@diego/lost'));
  const { objects } = await registry.env.R2.list({ prefix: 'packages/@diego/lost/' });
  await registry.env.R2.delete(objects.map(({ key }) => key));
  for (const path of ['/@diego/lost/-/lost-1.0.0.tgz', '/registry/download/diego/lost/1.0.0']) {
    t.match(await registry.json(path), { status: 500, body: { code: 'ARTIFACT_MISSING' } }, path);
  }
});

t.test('a download is counted once for its version and day, without a trace of who it was', async (t) => {
  await registry.publish(diego, await packCourse('@diego/counted'));
  for (const path of ['/@diego/counted/-/counted-1.0.0.tgz', '/registry/download/diego/counted/1.0.0']) {
    await (await registry.fetch(path)).arrayBuffer();
    await registry.fetch(path, { method: 'HEAD' });
  }
  const rows = () =>
    registry.env.DB.prepare(
      `SELECT d.* FROM registry_downloads d JOIN registry_packages p ON p.id = d.package_id WHERE p.name = '@diego/counted'`,
    ).all();
  // The count is written after the answer; ask until it is there.
  let { results } = await rows();
  while (results[0]?.count !== 2) ({ results } = await rows());
  t.equal(results.length, 1);
  t.match(results[0], { count: 2, user_id: null, ip_address: null });
});
