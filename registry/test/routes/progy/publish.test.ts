// POST /registry/publish: its input, its answers, what it leaves behind.
import { createHash } from 'node:crypto';
import t from 'tap';
import { bearer, openRegistry, packCourse, publishRequest } from '../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');

/** Every object in the bucket. */
async function storedKeys(): Promise<string[]> {
  const { objects } = await registry.env.R2.list();
  return objects.map(({ key }) => key).sort();
}

t.test('a new version is 201, with its URL, checksum and integrity', async (t) => {
  const file = await packCourse('@diego/first');
  const { status, body } = await registry.publish(diego, file, { name: '@diego/first', version: '1.0.0' });
  t.equal(status, 201);
  t.match(body, {
    success: true,
    name: '@diego/first',
    version: '1.0.0',
    url: 'http://registry.test/registry/download/@diego/first/1.0.0',
    integrity: `sha512-${createHash('sha512').update(file).digest('base64')}`,
    checksum: createHash('sha256').update(file).digest('hex'),
    sizeBytes: file.length,
    tree: /^[0-9a-f]{64}$/,
  });
  t.notOk('already' in body);
});

t.test('two objects are stored, below packages/@scope/slug/v<version>', async (t) => {
  await registry.publish(diego, await packCourse('@diego/objects'));
  const keys = (await storedKeys()).filter((key) => key.includes('/objects/'));
  t.equal(keys.length, 2);
  t.match(keys[0], /^packages\/@diego\/objects\/v1\.0\.0-[0-9a-f-]{36}\.progy$/);
  t.match(keys[1], /^packages\/@diego\/objects\/v1\.0\.0-[0-9a-f-]{36}\.tgz$/);
});

t.test('metadata is optional, and may follow the file', async (t) => {
  t.equal((await registry.publish(diego, await packCourse('@diego/no-metadata'))).status, 201);
  const form = new FormData();
  form.set('file', new Blob([await packCourse('@diego/late-metadata')]), 'course.progy');
  form.set('metadata', JSON.stringify({ name: '@diego/late-metadata', version: '1.0.0', tag: 'beta' }));
  const answer = await registry.json('/registry/publish', { method: 'POST', headers: bearer(diego), body: form });
  t.equal(answer.status, 201);
  t.equal(answer.body.tag, 'beta');
  t.notOk(
    (await storedKeys()).some((key) => key.startsWith('staging/')),
    'nothing stays in staging',
  );
});

t.test('the very same content again is 200 with already: true, whoever zipped it', async (t) => {
  const first = await registry.publish(diego, await packCourse('@diego/again'));
  const before = await storedKeys();
  const second = await registry.publish(diego, await packCourse('@diego/again'), {
    name: '@diego/again',
    version: '1.0.0',
  });
  t.equal(second.status, 200);
  t.equal(second.body.already, true);
  t.equal(second.body.checksum, first.body.checksum);
  t.same(await storedKeys(), before, 'the second upload is not kept');
});

t.test('other content for an existing version is 409 and keeps the first bytes', async (t) => {
  const first = await registry.publish(diego, await packCourse('@diego/twice'));
  const before = await storedKeys();
  const other = await packCourse('@diego/twice', '1.0.0', { files: { 'content/extra.md': 'extra' } });
  const second = await registry.publish(diego, other);
  t.match(second, { status: 409, body: { code: 'VERSION_EXISTS', version: '1.0.0' } });
  t.same(await storedKeys(), before);
  const download = await registry.fetch('/registry/download/diego/twice/1.0.0');
  const bytes = Buffer.from(await download.arrayBuffer());
  t.equal(createHash('sha256').update(bytes).digest('hex'), first.body.checksum);
});

t.test('a tree in the metadata lets an existing version be refused before the file is stored', async (t) => {
  await registry.publish(diego, await packCourse('@diego/early'));
  const claim = { name: '@diego/early', version: '1.0.0', tree: '0'.repeat(64) };
  const { status, body } = await registry.publish(diego, Buffer.from('not even a zip'), claim);
  t.match({ status, body }, { status: 409, body: { code: 'VERSION_EXISTS' } });
});

t.test('metadata that disagrees with course.json is 400 METADATA_MISMATCH and stores nothing', async (t) => {
  const course = { description: 'Learn it' };
  const file = await packCourse('@diego/mismatch', '1.0.0', { course });
  const before = await storedKeys();
  const claims: Record<string, unknown>[] = [
    { name: '@diego/other' },
    { version: '1.0.1' },
    { description: 'Something else' },
    { private: true },
    { checksum: '0'.repeat(64) },
  ];
  for (const claim of claims) {
    const [field] = Object.keys(claim);
    const { status, body } = await registry.publish(diego, file, {
      name: '@diego/mismatch',
      version: '1.0.0',
      ...claim,
    });
    t.match({ status, code: body.code, field: body.field }, { status: 400, code: 'METADATA_MISMATCH', field });
  }
  t.same(await storedKeys(), before);
  t.equal((await registry.json('/@diego%2fmismatch')).status, 404);
});

t.test('what a publisher may send: each refusal has its code, and nothing stays', async (t) => {
  const valid = await packCourse('@diego/refused');
  const table: [string, Uint8Array, unknown, number, string][] = [
    ['not a zip', Buffer.from('hello'), undefined, 400, 'INVALID_ARTIFACT'],
    ['an empty file', Buffer.alloc(0), undefined, 400, 'INVALID_ARTIFACT'],
    ['a cut zip', valid.subarray(0, valid.length - 30), undefined, 400, 'INVALID_ARTIFACT'],
    ['a bad name in metadata', valid, { name: 'rust' }, 400, 'INVALID_NAME'],
    ['a number as name', valid, { name: 42 }, 400, 'INVALID_NAME'],
    ['a bad version in metadata', valid, { version: 'v1.0.0' }, 400, 'INVALID_VERSION'],
    ['a bad tag', valid, { tag: '1.x' }, 400, 'INVALID_TAG'],
    ['metadata that is a list', valid, ['@diego/refused'], 400, 'INVALID_REQUEST'],
    ['a bad name in course.json', await packCourse('rust'), undefined, 400, 'INVALID_NAME'],
    ['a bad version in course.json', await packCourse('@diego/refused', '1.0'), undefined, 400, 'INVALID_VERSION'],
    [
      'a bad course.json',
      await packCourse('@diego/refused', '1.0.0', { course: { files: 'x' } }),
      undefined,
      400,
      'INVALID_COURSE',
    ],
    ['a scope of somebody else', await packCourse('@marta/refused'), undefined, 403, 'FORBIDDEN'],
    ['metadata for a scope of somebody else', valid, { name: '@marta/refused' }, 403, 'FORBIDDEN'],
    ['a prerelease without a tag', await packCourse('@diego/refused', '2.0.0-beta.1'), undefined, 400, 'TAG_REQUIRED'],
    [
      'a prerelease as latest',
      await packCourse('@diego/refused', '2.0.0-beta.1'),
      { tag: 'latest' },
      400,
      'TAG_REQUIRED',
    ],
  ];
  const before = await storedKeys();
  for (const [title, file, metadata, status, code] of table) {
    const answer = await registry.publish(diego, file, metadata);
    t.match({ status: answer.status, code: answer.body.code }, { status, code }, title);
    t.equal(answer.body.error, answer.body.message, `${title}: one sentence for both kinds of npm`);
  }
  t.same(await storedKeys(), before);
  const attempts = await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n');
  t.equal(attempts, 0);
});

t.test('a form that is no such form is 400 INVALID_REQUEST', async (t) => {
  const post = (body: FormData | string, type?: string) =>
    registry.json('/registry/publish', {
      method: 'POST',
      headers: { ...bearer(diego), ...(type ? { 'Content-Type': type } : {}) },
      body,
    });
  const twoFiles = new FormData();
  twoFiles.append('file', new Blob(['a']), 'a.progy');
  twoFiles.append('file', new Blob(['b']), 'b.progy');
  const twoMetadata = new FormData();
  twoMetadata.append('metadata', '{}');
  twoMetadata.append('metadata', '{}');
  twoMetadata.append('file', new Blob(['a']), 'a.progy');
  const noFile = new FormData();
  noFile.append('metadata', '{}');
  const badJson = new FormData();
  badJson.append('metadata', '{');
  badJson.append('file', new Blob(['a']), 'a.progy');
  const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.progy"\r\n\r\n';
  const table: [string, FormData | string, string?][] = [
    ['JSON instead of a form', '{}', 'application/json'],
    ['no boundary', 'x', 'multipart/form-data'],
    ['no end', `${part}bytes`, 'multipart/form-data; boundary=b'],
    ['two files', twoFiles],
    ['two metadata parts', twoMetadata],
    ['no file', noFile],
    ['metadata that is not JSON', badJson],
  ];
  for (const [title, body, type] of table) {
    const answer = await post(body, type);
    t.match({ status: answer.status, code: answer.body.code }, { status: 400, code: 'INVALID_REQUEST' }, title);
  }
});

t.test('without a token, or with one that proves nothing, it is 401 before the body is read', async (t) => {
  const file = await packCourse('@diego/anonymous');
  const anonymous = await registry.json('/registry/publish', { ...publishRequest('', file), headers: {} });
  t.match(anonymous, { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.equal(anonymous.headers.get('www-authenticate'), 'Bearer realm="progy"');
  const unknown = await registry.publish('progy_unknown', file);
  t.equal(unknown.status, 401);
  // bun prints this header and nothing else.
  t.match(unknown.headers.get('www-authenticate'), 'error_description="The token is unknown, revoked or expired.');
});
