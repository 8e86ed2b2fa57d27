// The requests of `progy init`, their order, and its reaction to inconsistent answers.
import { readdir, readFile, stat } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CourseFile } from '@progy/protocol/course/course-files.ts';
import { listedKey, makeKeyPair, signedMessage, signMessage } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH, packumentPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { run } from '../../commands/init.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { courseNamed, fixtureTarball, flipped, sending, serving, tarballOf } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const SPEC = '@diego/rust-mastery';
const tarball = await fixtureTarball('rust-mastery');
const other = await fixtureTarball('sql-detective');
const pair = await makeKeyPair();
const keys = [await listedKey(pair.publicKey, null)];
const signatures = [await signMessage(signedMessage(SPEC, '1.0.0', tarball.integrity), pair)];
const signed = { keys, dist: (dist: Record<string, unknown>) => ({ ...dist, signatures }) };

const PACKUMENT = packumentPath(tarball.course.name);
const TARBALL = tarballPath(tarball.course.name, '1.0.0');

async function student(t: Test, listener: RequestListener, signal?: AbortSignal) {
  const server = await serveFaults(listener);
  t.teardown(server.close);
  const context = await testContext(t.testdir({}), { signal });
  const init = (spec = SPEC, dir = 'course', git = false) => run({ spec, dir, git, registry: server.url }, context);
  const asked = () => server.requests.map(({ url }) => url);
  return { context, init, asked, folder: join(context.cwd, 'course') };
}

/** Lets answers wait for each other. */
function gate(): { open: () => void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

t.test('the keys are asked for while the packument is on its way', async (t) => {
  const serve = serving(tarball, signed);
  const keysAsked = gate();
  const { init } = await student(t, async (request, response) => {
    if (request.url === KEYS_PATH) keysAsked.open();
    if (request.url === PACKUMENT) await keysAsked.opened;
    serve(request, response);
  });
  t.match(await init(), { version: '1.0.0', signature: { keyid: keys[0]?.keyid } });
});

t.test('the tarball of an exact version comes while the packument is on its way, once', async (t) => {
  const serve = serving(tarball, signed);
  const tarballAsked = gate();
  const { init, asked } = await student(t, async (request, response) => {
    if (request.url === TARBALL) tarballAsked.open();
    if (request.url === PACKUMENT) await tarballAsked.opened;
    serve(request, response);
  });
  t.match(await init(`${SPEC}@1.0.0`), { version: '1.0.0', tree: tarball.tree, signature: { keyid: keys[0]?.keyid } });
  t.same(asked().sort(), [KEYS_PATH, TARBALL, PACKUMENT].sort());
});

t.test('no more than two connections are made, and the tarball comes over one that is there', async (t) => {
  const serve = serving(tarball, signed);
  const ports = new Map<string, number | undefined>();
  const { init } = await student(t, (request, response) => {
    ports.set(request.url ?? '', request.socket.remotePort);
    serve(request, response);
  });
  await init();
  t.equal(new Set(ports.values()).size, 2);
  t.ok([ports.get(PACKUMENT), ports.get(KEYS_PATH)].includes(ports.get(TARBALL)));
});

t.test('the second time asks one question, whether the packument is the same', async (t) => {
  const serve = serving(tarball, signed);
  const conditions: unknown[] = [];
  const { init, asked } = await student(t, (request, response) => {
    conditions.push(request.headers['if-none-match']);
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304, { etag: '"1"' }).end();
    const caching = { [PACKUMENT]: 'max-age=0', [KEYS_PATH]: 'max-age=60', [TARBALL]: 'max-age=31536000, immutable' };
    response.setHeader('cache-control', caching[request.url ?? ''] ?? 'no-store');
    response.setHeader('etag', '"1"');
    return serve(request, response);
  });
  await init();
  for (const [index, spec] of [SPEC, `${SPEC}@1.0.0`].entries()) {
    const before = conditions.length;
    await init(spec, `again-${index}`);
    t.same(asked().slice(before), [PACKUMENT], spec);
    t.same(conditions.slice(before), ['"1"'], spec);
  }
});

t.test('a newer version than the last time is got instead of what is in the cache', async (t) => {
  const [first, second] = await Promise.all(['1.0.0', '1.1.0'].map(versionOf));
  if (first === undefined || second === undefined) throw new Error('There are two');
  let serve = serving(first);
  const { init } = await student(t, (request, response) => serve(request, response));
  t.equal((await init(SPEC, 'old')).version, '1.0.0');
  serve = serving(second);
  t.match(await init(SPEC, 'new'), { version: '1.1.0', tree: second.tree });
  serve = serving(first);
  t.match(await init(SPEC, 'old again'), { version: '1.0.0', tree: first.tree });
});

t.test('a key that is newer than the kept list is asked for', async (t) => {
  const next = await makeKeyPair();
  const lists = [[await listedKey(next.publicKey, null)], keys];
  const { init } = await student(t, (request, response) => {
    if (request.url !== KEYS_PATH) return serving(tarball, signed)(request, response);
    return answer(
      200,
      { keys: lists.length > 1 ? lists.shift() : lists[0] },
      { 'cache-control': 'max-age=60' },
    )(request, response);
  });
  t.match(await init(), { signature: { keyid: keys[0]?.keyid } });
});

t.test('early bytes that are not those of the packument are downloaded again, and then refused', async (t) => {
  const tables: [string, Buffer | Uint8Array, RegExp][] = [
    ['one flipped byte', flipped(tarball.bytes), /^INTEGRITY$/],
    ['another course', other.bytes, /^INTEGRITY$/],
  ];
  for (const [title, bytes, code] of tables) {
    const { init, context } = await student(t, serving(tarball, { ...signed, tarballs: [sending(bytes)] }));
    t.match((await init(`${SPEC}@1.0.0`).then(() => undefined, explainError))?.code, code, title);
    t.same(await readdir(context.cwd), [], title);
  }
});

t.test('early bytes that were damaged on their way cost a second download, not the course', async (t) => {
  const tarballs = [sending(flipped(tarball.bytes)), sending(tarball.bytes)];
  const { init, folder } = await student(t, serving(tarball, { ...signed, tarballs }));
  t.equal((await init(`${SPEC}@1.0.0`)).tree, tarball.tree);
  t.ok((await readdir(folder)).includes('course.json'));
});

t.test('a tarball that lies elsewhere than usual is got from there', async (t) => {
  const serve = serving(tarball, {
    keys,
    dist: (dist) => ({ ...dist, signatures, tarball: `${dist.tarball}?elsewhere` }),
  });
  const { init, asked } = await student(t, (request, response) => {
    if (request.url === TARBALL) answer(404, { error: 'not here' })(request, response);
    else serve(request, response);
  });
  t.match(await init(`${SPEC}@1.0.0`), { tree: tarball.tree, resolved: /\?elsewhere$/ });
  t.ok(asked().includes(`${TARBALL}?elsewhere`));
});

t.test('a version that the registry does not have, and one of a key that is not its own, leave nothing', async (t) => {
  const missing = await student(t, serving(tarball, signed));
  t.match(await missing.init(`${SPEC}@9.0.0`).then(() => undefined, explainError), { code: 'VERSION_NOT_FOUND' });
  const foreign = await student(t, serving(tarball, { keys }));
  t.match(await foreign.init(`${SPEC}@1.0.0`).then(() => undefined, explainError), { code: 'SIGNATURE' });
  for (const { context } of [missing, foreign]) t.same(await readdir(context.cwd), []);
});

t.test('what a damaged try wrote is nowhere in the course', async (t) => {
  const first = Buffer.from(other.bytes);
  first[first.length - 9] = (first[first.length - 9] ?? 0) ^ 1;
  const { init, folder } = await student(t, serving(tarball, { tarballs: [sending(first), sending(tarball.bytes)] }));
  const { files } = await init();
  t.equal(
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    files.length + 1,
  );
  t.equal(JSON.parse(await readFile(join(folder, 'course.json'), 'utf8')).name, SPEC);
  t.equal((await stat(folder)).mode & 0o777, 0o777 & ~process.umask(), 'and the folder is one like others');
});

t.test('bytes whose checksum is wrong are no sound course either, and called what they are', async (t) => {
  for (const bytes of [Buffer.from('<html>'), tarball.bytes.subarray(0, 2_000), flipped(tarball.bytes)]) {
    const { init, context } = await student(t, serving(tarball, { tarballs: [sending(bytes)] }));
    t.equal((await init().then(() => undefined, explainError))?.code, 'INTEGRITY');
    t.same(await readdir(context.cwd), []);
  }
});

t.test('an interruption in the middle of the tarball leaves nothing, early or not', async (t) => {
  for (const spec of [SPEC, `${SPEC}@1.0.0`]) {
    const interruption = new AbortController();
    const half: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': tarball.bytes.length });
      response.write(tarball.bytes.subarray(0, tarball.bytes.length >> 1));
    };
    const { init, context } = await student(t, serving(tarball, { ...signed, tarballs: [half] }), interruption.signal);
    const starting = init(spec);
    const temporary = await firstFile(context.cwd);
    t.match(temporary, /course/, spec);
    interruption.abort(new Error('interrupted'));
    await t.rejects(starting, { message: 'interrupted' }, spec);
    t.same(await readdir(context.cwd), [], spec);
  }
});

/** A version of a course with a file of its own. */
function versionOf(version: string) {
  const files = { 'content/a.md': version, 'course.json': JSON.stringify({ name: SPEC, version }) };
  return tarballOf(courseNamed(SPEC, version), textFiles(files));
}

async function* textFiles(files: Record<string, string>): AsyncIterable<CourseFile> {
  for (const [path, text] of Object.entries(files)) {
    const content = Readable.from([Buffer.from(text)]);
    yield { path, mode: '100644', size: Buffer.byteLength(text), content };
  }
}

/** Waits until a file of a course is there. */
async function firstFile(folder: string): Promise<string> {
  for (;;) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const file = entries.find((entry) => entry.isFile());
    if (file !== undefined) return join(file.parentPath, file.name);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
