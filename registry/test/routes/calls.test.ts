// How often the Worker waits for D1 and R2 before it answers a read: the table that docs/architecture.md relies on.
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../harness.ts';
import { Course } from '../helpers/lifecycle.ts';

const ENTRY = await readFile(new URL('../helpers/calls-entry.js', import.meta.url), 'utf8');
const registry = await openRegistry(t, {}, undefined, ENTRY);
const diego = await registry.signUp('diego');
const [rust, gone] = [new Course(registry, diego, '@diego/rust'), new Course(registry, diego, '@diego/gone')];
for (const version of ['1.0.0', '1.1.0', '1.2.0']) await rust.publish(version);
await rust.putWithout(await rust.read(), '1.2.0');
await gone.publish('1.0.0');
await gone.deleteAll((await gone.read())._rev);
await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));

const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };
const PACKUMENT = '/@diego%2frust';
const TARBALL = '/@diego/rust/-/rust-1.0.0.tgz';
const PROGY = '/registry/download/@diego/rust/1.0.0';

async function callsOf(path: string, init?: RequestInit): Promise<[status: number, calls: string]> {
  const response = await registry.fetch(path, init);
  await response.arrayBuffer();
  return [response.status, response.headers.get('x-calls') ?? 'not counted'];
}

let moved = 0;

/** Changes the course through this isolate, which then remembers nothing of it. */
async function change(): Promise<void> {
  const init = { method: 'PUT', headers: bearer(diego), body: JSON.stringify(moved++ % 2 === 0 ? '1.0.0' : '1.1.0') };
  t.equal((await registry.fetch(`/-/package${PACKUMENT}/dist-tags/moved`, init)).status, 200);
}

const etagOf = async (path: string) => (await registry.fetch(path)).headers.get('etag') ?? '';

/** The cost of a read in an isolate without caches, and the maximum right after; a copy of the bytes may be nearer by then. */
const TABLE: [title: string, path: string, init: RequestInit, status: number, first: string, again: string][] = [
  ['full packument', PACKUMENT, {}, 200, 'D1', ''],
  ['abbreviated packument', PACKUMENT, { headers: ABBREVIATED }, 200, 'D1', ''],
  ['packument, HEAD', PACKUMENT, { method: 'HEAD' }, 200, 'D1', ''],
  ['packument to change', `${PACKUMENT}?write=true`, {}, 200, 'D1', 'D1'],
  ['manifest of a version', `${PACKUMENT}/1.0.0`, {}, 200, 'D1', ''],
  ['manifest of a tag', `${PACKUMENT}/latest`, {}, 200, 'D1', ''],
  ['manifest that never was', `${PACKUMENT}/9.9.9`, {}, 404, 'D1', 'D1'],
  ['manifest that was unpublished', `${PACKUMENT}/1.2.0`, {}, 404, 'D1', ''],
  ['course that never was', '/@diego%2fnothing', {}, 404, 'D1', 'D1'],
  ['course that was unpublished', '/@diego%2fgone', {}, 404, 'D1', 'D1'],
  ['course that is private', '/@diego%2fsecret', {}, 404, 'D1', 'D1'],
  ['what is no name', '/@Diego%2fRust', {}, 404, '', ''],
  ['tarball', TARBALL, {}, 200, 'D1 R2', 'R2'],
  ['tarball, part', TARBALL, { headers: { Range: 'bytes=0-9' } }, 206, 'D1 R2', 'R2'],
  ['tarball, HEAD', TARBALL, { method: 'HEAD' }, 200, 'D1', ''],
  ['tarball that never was', '/@diego/rust/-/rust-9.9.9.tgz', {}, 404, 'D1', 'D1'],
  ['tarball that was unpublished', '/@diego/rust/-/rust-1.2.0.tgz', {}, 404, 'D1', ''],
  ['tarball of no course', '/@diego/nothing/-/nothing-1.0.0.tgz', {}, 404, 'D1', 'D1'],
  ['.progy file', PROGY, {}, 200, 'D1 R2', 'R2'],
  ['dist-tags', `/-/package${PACKUMENT}/dist-tags`, {}, 200, 'D1', 'D1'],
  ['all versions', '/registry/resolve/@diego/rust', {}, 200, 'D1', 'D1'],
  ['all about a course', '/registry/info/@diego/rust', {}, 200, 'D1', 'D1'],
  ['keys', '/-/npm/v1/keys', {}, 200, '', ''],
  ['ping', '/-/ping', {}, 200, '', ''],
];

for (const [title, path, init, status, first, again] of TABLE) {
  t.test(`${title}: ${first || 'nothing'}, then ${again || 'nothing'}`, async (t) => {
    await change();
    t.same(await callsOf(path, init), [status, first]);
    const [, calls] = await callsOf(path, init);
    // A second may have passed, and whole bytes may have been copied by then.
    const copied = again === 'R2' && status === 200 ? ['', 'D1'] : [];
    t.ok([again, first, ...copied].includes(calls), calls || 'nothing');
  });
}

t.test('a client that holds the packument costs one row at most, whatever the isolate holds', async (t) => {
  await change();
  const etag = await etagOf(PACKUMENT);
  t.same((await callsOf(PACKUMENT, { headers: { 'If-None-Match': etag } }))[0], 304);
  await registry.publish(diego, await packCourse('@diego/other'));
  t.same(await callsOf(PACKUMENT, { headers: { 'If-None-Match': etag } }), [304, 'D1']);
  await change();
  t.same(await callsOf(PACKUMENT, { headers: { 'If-None-Match': etag } }), [200, 'D1']);
});

t.test('a tarball that a client holds is not fetched', async (t) => {
  for (const path of [TARBALL, PROGY]) {
    const etag = await etagOf(path);
    await change();
    t.same(await callsOf(path, { headers: { 'If-None-Match': etag } }), [304, 'D1'], path);
  }
});
