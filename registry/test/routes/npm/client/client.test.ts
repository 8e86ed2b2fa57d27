// progy as a package of the registry: one version, which comes with the Worker.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { HOME_REGISTRY } from '@progy/protocol/client/progy-command.ts';
import type { Manifest, Packument } from '@progy/protocol/wire/packument.ts';
import { keyListSchema, signatureProblem, signedMessage } from '@progy/protocol/wire/signature.ts';
import t from 'tap';
import { extract } from 'tar-stream';
import { shippedFiles } from '../../../../local/build/client-package.ts';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';
import { askerOf, createOrganization, makeAdmin } from '../../../helpers/people.ts';

const { version } = JSON.parse(await readFile(new URL('../../../../../cli/package.json', import.meta.url), 'utf8'));
const PACKUMENT = '/@progy%2fcli';
const TARBALL = `/@progy/cli/-/cli-${version}.tgz`;
const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };
const registry = await openRegistry(t);

const bytesAt = async (path: string) => Buffer.from(await (await registry.fetch(path)).arrayBuffer());
const sriOf = (bytes: Uint8Array) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
const distOf = ({ versions }: Packument) => (versions[version] as Manifest).dist;
const packument = async () => (await registry.json(PACKUMENT)).body as unknown as Packument;

/** Files of a tarball by path. */
async function filesIn(tarball: Uint8Array): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const reader = extract();
  reader.end(gunzipSync(tarball));
  for await (const entry of reader) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
    files.set(entry.header.name, Buffer.concat(chunks).toString('utf8'));
  }
  return files;
}

t.test('every registry serves the progy that it was built with, as latest', async (t) => {
  const full = await packument();
  t.same(Object.keys(full.versions), [version]);
  t.same(full['dist-tags'], { latest: version });
  t.match(full.versions[version], { name: '@progy/cli', bin: { progy: './progy.js' }, engines: { node: String } });
  const short = await registry.json(PACKUMENT, { headers: ABBREVIATED });
  t.match(short.body, { 'dist-tags': { latest: version }, versions: { [version]: { bin: { progy: './progy.js' } } } });
  for (const wanted of [version, 'latest']) {
    t.same((await registry.json(`/@progy/cli/${wanted}`)).body, full.versions[version]);
  }
  t.match(await registry.json('/@progy/cli/9.9.9'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
  t.same((await registry.json('/-/package/@progy/cli/dist-tags')).body, { latest: version });
});

t.test('the tarball has the bytes that its manifest names, and is at /progy.tgz too', async (t) => {
  const dist = distOf(await packument());
  t.equal(dist.tarball, `http://registry.test${TARBALL}`);
  const tarball = await bytesAt(TARBALL);
  t.equal(sriOf(tarball), dist.integrity);
  t.equal(createHash('sha1').update(tarball).digest('hex'), dist.shasum);
  t.same(await bytesAt('/progy.tgz'), tarball);
  const head = await registry.fetch('/progy.tgz', { method: 'HEAD' });
  t.equal(head.headers.get('content-length'), `${tarball.length}`);
  const part = await registry.fetch(TARBALL, { headers: { Range: 'bytes=5-9' } });
  t.same([part.status, Buffer.from(await part.arrayBuffer())], [206, tarball.subarray(5, 10)]);
  t.equal((await registry.json('/@progy/cli/-/cli-9.9.9.tgz')).status, 404);
});

t.test('it is signed with the key of the registry, like a course', async (t) => {
  const full = await packument();
  const { integrity, signatures = [] } = distOf(full);
  const { keys } = keyListSchema.parse((await registry.json('/-/npm/v1/keys')).body);
  const message = signedMessage('@progy/cli', version, integrity);
  t.equal(await signatureProblem(message, signatures, keys, new Date(full.time[version] ?? '')), undefined);
});

t.test('its time is that of its sources, so that age gates let it through', async (t) => {
  const { time } = await packument();
  t.equal(time[version], time.created);
  t.ok(Date.parse(time[version] ?? '') < Date.now());
});

t.test('it asks the registry that it came from, and needs no other package', async (t) => {
  const files = await filesIn(await bytesAt(TARBALL));
  const names = [...files.keys()].filter((name) => !name.startsWith('package/dist/'));
  t.same(
    names,
    ['package.json', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'progy.js'].map((n) => `package/${n}`),
  );
  const manifest = JSON.parse(files.get('package/package.json') ?? '');
  t.same(Object.keys(manifest).sort(), ['bin', 'description', 'engines', 'license', 'name', 'type', 'version']);
  const code = [...files].filter(([name]) => name.startsWith('package/dist/')).map(([, text]) => text);
  t.ok(code.some((text) => text.includes('http://registry.test')));
  t.notOk(code.some((text) => text.includes(HOME_REGISTRY)));
});

t.test('the same sources and address give the same bytes', async (t) => {
  const [one, other] = [await shippedFiles('http://registry.test'), await shippedFiles('http://registry.test')];
  t.same(one, other);
  t.same(Buffer.from(one['cli.tgz'] ?? []), await bytesAt(TARBALL));
});

t.test('who has the documents already gets a 304', async (t) => {
  for (const path of [PACKUMENT, `/@progy/cli/${version}`, TARBALL, '/progy.tgz']) {
    const etag = (await registry.fetch(path)).headers.get('etag') ?? '';
    t.equal((await registry.fetch(path, { headers: { 'If-None-Match': etag } })).status, 304, path);
  }
});

/** Requests that would change it. */
function changes(token: string): [title: string, path: string, init: RequestInit][] {
  const headers = { ...bearer(token), 'Content-Type': 'application/json' };
  const put = (body: unknown) => ({ method: 'PUT', headers, body: JSON.stringify(body) });
  const document = { _id: '@progy/cli', name: '@progy/cli', versions: { [version]: { deprecated: 'no' } } };
  return [
    ['npm deprecate', PACKUMENT, put(document)],
    ['npm dist-tag add', `/-/package${PACKUMENT}/dist-tags/beta`, put(version)],
    ['npm dist-tag rm', `/-/package${PACKUMENT}/dist-tags/latest`, { method: 'DELETE', headers }],
    ['npm unpublish', `${PACKUMENT}/-rev/1-x`, { method: 'DELETE', headers }],
    ['progy yank', `/registry/yank/progy/cli/${version}`, { method: 'POST', headers, body: '{}' }],
  ];
}

t.test('nobody publishes or changes it', async (t) => {
  const diego = await registry.signUp('diego');
  const refusal = { status: 403, body: { code: 'FORBIDDEN', error: /@progy\/cli comes with the registry/ } };
  const file = await packCourse('@progy/cli', '9.9.9');
  t.match(await registry.publish(diego, file, { name: '@progy/cli' }), refusal, 'publish');
  t.match(await registry.publish(diego, file), refusal, 'publish, which only the file names');
  for (const [title, path, init] of changes(diego)) t.match(await registry.json(path, init), refusal, title);
  t.match(await registry.publish(diego, await packCourse('@progy/other')), {
    status: 403,
    body: { code: 'FORBIDDEN' },
  });
});

t.test('not even an admin does, who holds the scope and forces it', async (t) => {
  const admin = await registry.signUp('ada');
  await makeAdmin(registry, 'ada');
  await createOrganization(askerOf(registry), admin, 'progy');
  const file = await packCourse('@progy/cli', '9.9.9');
  t.match(await registry.publish(admin, file, { force: true }), { status: 403, body: { code: 'FORBIDDEN' } });
  t.equal(
    (await registry.publish(admin, await packCourse('@progy/intro'))).status,
    201,
    'a course of the scope is one',
  );
});
