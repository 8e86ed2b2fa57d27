// Sending a packument: gzip for those who accept it, an ETag for each encoding, 304 for either, HEAD with its length.
import { randomBytes, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { getTableColumns } from 'drizzle-orm';
import t from 'tap';
import { registryVersions } from '../../../../database/schema/tables.ts';
import { openRegistry, packCourse } from '../../../harness.ts';
import { exchange, type RawAnswer, requestText } from '../../../helpers/raw-http.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';
const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const publish = async (version: string) => registry.publish(diego, await packCourse('@diego/rust', version));
await publish('1.0.0');

/** The answer as it comes over the wire: fetch would take the gzip off. */
function get(headers: Record<string, string>, path = '/@diego%2frust'): Promise<RawAnswer> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return exchange(registry.url, requestText(`GET ${path}`, 'Host: registry.test', 'Connection: close', ...lines));
}

t.test('the bytes are the same in gzip and without, each with its length', async (t) => {
  const plain = await get({});
  t.equal(plain.headers['content-encoding'], undefined);
  const table: [accepted: string, isGzip: boolean][] = [
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['', false],
  ];
  for (const [accepted, isGzip] of table) {
    const { status, headers, body } = await get({ 'Accept-Encoding': accepted });
    t.equal(status, 200, accepted);
    t.equal(headers['content-encoding'], isGzip ? 'gzip' : undefined, accepted);
    t.equal(headers['content-length'], String(body.length), accepted);
    t.match(headers.vary, 'Accept, Accept-Encoding');
    t.ok((isGzip ? gunzipSync(body) : body).equals(plain.body), accepted);
  }
});

t.test(
  'each form in each encoding has an ETag of its own; with any of a form it is fresh until the course changes',
  async (t) => {
    const wishes = ['application/json', ABBREVIATED].flatMap((Accept) =>
      ['gzip', 'identity'].map((encoding) => ({ Accept, 'Accept-Encoding': encoding })),
    );
    const etagOf = async (wish: Record<string, string>) => (await get(wish)).headers.etag ?? '';
    const etags = await Promise.all(wishes.map(etagOf));
    t.equal(new Set(etags).size, 4);
    const fresh = async () => {
      const rows = wishes.map((wish) =>
        Promise.all(etags.map(async (held) => (await get({ ...wish, 'If-None-Match': held })).status === 304)),
      );
      return Promise.all(rows);
    };
    const [yes, no] = [true, false];
    t.same(await fresh(), [
      [yes, yes, no, no],
      [yes, yes, no, no],
      [no, no, yes, yes],
      [no, no, yes, yes],
    ]);
    const [gzip = '', plain = ''] = etags;
    for (const held of [`W/${gzip}`, `"other", ${gzip}`, '*']) {
      t.equal((await get({ 'If-None-Match': held })).status, 304, held);
    }
    const notModified = await get({ 'If-None-Match': gzip });
    t.equal(notModified.headers.etag, gzip, 'a 304 names the copy that is fresh');
    t.equal(notModified.body.length, 0);
    await publish('1.1.0');
    t.ok((await fresh()).flat().every((isFresh) => !isFresh));
    t.not(await etagOf({}), plain);
  },
);

t.test('HEAD has the length and the headers of each encoding', async (t) => {
  for (const encoding of ['gzip', 'identity']) {
    const init = { method: 'HEAD', headers: { 'Accept-Encoding': encoding } };
    const head = await registry.fetch('/@diego%2frust', init);
    const whole = await get(init.headers);
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary', 'content-type', 'cache-control'])
      t.equal(head.headers.get(name) ?? undefined, whole.headers[name], `${encoding}: ${name}`);
    t.equal((await head.arrayBuffer()).byteLength, 0);
  }
});

t.test('clients that hang up in the middle of an answer disturb nobody', async (t) => {
  const asked = Array.from({ length: 20 }, () => {
    const aborting = new AbortController();
    return registry.fetch('/@diego%2frust', { signal: aborting.signal }).then((response) => {
      aborting.abort();
      return response.text().catch(() => '');
    });
  });
  await Promise.all(asked);
  t.equal((await get({})).status, 200);
  t.notMatch(registry.logs().join('\n'), /uncaught|hung/i);
});

/** Adds that many versions to a course, each with its own hashes, as if published. */
async function addVersions(name: string, count: number): Promise<void> {
  const { id, version, tarballIntegrity, shasum, ...same } = getTableColumns(registryVersions);
  const columns = Object.values(same).map((column) => column.name);
  const rows = Array.from({ length: count }, (_, n) => [
    randomUUID(),
    `2.${n}.0`,
    `sha512-${randomBytes(64).toString('base64')}`,
    randomBytes(20).toString('hex'),
  ]);
  await registry.env.DB.prepare(
    `INSERT INTO registry_versions (id, version, tarball_integrity, shasum, ${columns.join(', ')})
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ${columns.map((column) => `v.${column}`).join(', ')}
     FROM json_each(?1), registry_versions v
     WHERE v.version = '1.0.0' AND v.package_id = (SELECT id FROM registry_packages WHERE name = ?2)`,
  )
    .bind(JSON.stringify(rows), name)
    .run();
}

t.test('200 versions take an installer at most 40 KB', async (t) => {
  await registry.publish(diego, await packCourse('@diego/many'));
  await addVersions('@diego/many', 199);
  const { body } = await get({ Accept: ABBREVIATED, 'Accept-Encoding': 'gzip' }, '/@diego%2fmany');
  t.equal(Object.keys(JSON.parse(gunzipSync(body).toString()).versions).length, 200);
  t.ok(body.length <= 40 * 1024, `${body.length} bytes`);
  t.comment(`${body.length} bytes`);
});
