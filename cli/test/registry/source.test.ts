import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { explainError } from '../../explain-error.ts';
import type { ResolvedCourse } from '../../registry/resolved-course.ts';
import { type CourseSource, createCourseSource } from '../../registry/source.ts';
import { parseCourseSpec } from '../../registry/spec.ts';
import { fixtureTarball, flipped, sending, serving } from '../helpers/course-server.ts';
import { answer, reset, serveFaults } from '../helpers/fault-server.ts';

// What a working registry serves is tested against the real one, in commands/init.test.ts. These are its bad days.
const tarball = await fixtureTarball('rust-mastery');
const spec = parseCourseSpec('@diego/rust-mastery');
const signal = new AbortController().signal;

/** The source, and how a test gets a tarball as a file. */
function downloading(source: CourseSource) {
  const download = async (course: ResolvedCourse, file: string) => {
    await source.receive(course, (bytes) => writeFile(file, bytes));
  };
  return { ...source, download };
}

async function source(t: Test, ...listener: Parameters<typeof serveFaults>) {
  const folder = t.testdir({});
  const server = await serveFaults(...listener);
  t.teardown(server.close);
  const cache = join(folder, 'cache');
  const open = (token?: string) => downloading(createCourseSource(server.registry(token), { cache }, signal));
  return { server, cache, file: join(folder, 'course.tgz'), open, source: open() };
}

t.test('a tarball is downloaded whole, and the next time comes from the cache', async (t) => {
  const { server, source: registry, file } = await source(t, serving(tarball));
  const course = await registry.resolve(spec);
  t.match(course, { name: '@diego/rust-mastery', version: '1.0.0', integrity: tarball.integrity, tree: tarball.tree });
  await registry.download(course, file);
  t.ok(tarball.bytes.equals(await readFile(file)));
  const asked = server.requests.length;
  await registry.download(course, file);
  t.ok(tarball.bytes.equals(await readFile(file)));
  t.equal(server.requests.length, asked);
});

t.test('a damaged cache heals itself', async (t) => {
  const { cache, source: registry, file } = await source(t, serving(tarball));
  const course = await registry.resolve(spec);
  await registry.download(course, file);
  const stored = (await readdir(cache, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.parentPath.includes('content-v2') && entry.isFile(),
  );
  for (const entry of stored) {
    const path = join(entry.parentPath, entry.name);
    await writeFile(path, flipped(await readFile(path)));
  }
  t.ok(stored.length > 0);
  await registry.download(course, file);
  t.ok(tarball.bytes.equals(await readFile(file)));
});

t.test('one wrong byte is noticed, and asked for once more', async (t) => {
  const faults = { tarballs: [sending(flipped(tarball.bytes)), sending(tarball.bytes)] };
  const { source: registry, file } = await source(t, serving(tarball, faults));
  await registry.download(await registry.resolve(spec), file);
  t.ok(tarball.bytes.equals(await readFile(file)));
});

t.test('bytes that stay wrong are an integrity error, however they are wrong, and never reach the cache', async (t) => {
  const wrong: Record<string, Uint8Array> = {
    'one byte': flipped(tarball.bytes),
    'a web page': new TextEncoder().encode('<html>'),
  };
  for (const [title, bytes] of Object.entries(wrong)) {
    let served = bytes;
    const listener: RequestListener = (request, response) => sending(served)(request, response);
    const { source: registry, file, open } = await source(t, serving(tarball, { tarballs: [listener] }));
    const course = await registry.resolve(spec);
    const error = await registry.download(course, file).then(() => undefined, explainError);
    t.equal(error?.code, 'INTEGRITY', title);
    served = tarball.bytes;
    await open().download(course, file);
    t.ok(tarball.bytes.equals(await readFile(file)), `${title}: the next run is whole`);
  }
});

t.test('a manifest that cannot be trusted is refused before anything is downloaded', async (t) => {
  const table: Record<string, (dist: Record<string, unknown>) => Record<string, unknown>> = {
    'no integrity': ({ integrity: _, ...dist }) => dist,
    'sha1 only': (dist) => ({ ...dist, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }),
    'no dist': () => ({}),
    'another host': (dist) => ({ ...dist, tarball: 'http://127.0.0.2:1/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz' }),
    'no address': (dist) => ({ ...dist, tarball: 7 }),
    'a file': (dist) => ({ ...dist, tarball: 'file:///etc/passwd' }),
  };
  for (const [title, dist] of Object.entries(table)) {
    const { server, source: registry } = await source(t, serving(tarball, { dist }));
    await t.rejects(registry.resolve(spec), { code: 'UNSAFE_ANSWER' }, title);
    t.equal(server.requests.length, 1, title);
  }
});

t.test('the token goes to the registry, for the packument and the tarball', async (t) => {
  const { server, open, file } = await source(t, serving(tarball));
  const registry = open('secret');
  await registry.download(await registry.resolve(spec), file);
  t.same(
    server.requests.map(({ authorization }) => authorization),
    ['Bearer secret', 'Bearer secret'],
  );
});

t.test('what the registry says is told, and a registry that is gone is named', async (t) => {
  const explained = async (listener: Parameters<typeof serveFaults>[0]) => {
    const { source: registry } = await source(t, listener);
    return registry.resolve(spec).then(() => undefined, explainError);
  };
  t.match(await explained(answer(404, { error: 'No such course', code: 'PACKAGE_NOT_FOUND' })), {
    code: 'PACKAGE_NOT_FOUND',
    error: 'No such course',
  });
  t.match(await explained(answer(401, { error: 'no', code: 'UNAUTHORIZED' })), { code: 'UNAUTHORIZED' });
  t.match(await explained(answer(200, '<html>Welcome</html>')), { code: 'NOT_A_REGISTRY' });
  t.match(await explained(reset), { code: 'UNREACHABLE', error: /The connection to http:.* was lost/ });
});

t.test('a version that is not there is answered with those that are', async (t) => {
  const { source: registry } = await source(t, serving(tarball));
  const error = await registry.resolve(parseCourseSpec('@diego/rust-mastery@^3')).then(() => undefined, explainError);
  t.match(error, {
    code: 'VERSION_NOT_FOUND',
    error: 'No version of the course matches ^3. Available versions include 1.0.0',
  });
});

t.test('the token stays at its registry, whatever port or protocol a redirect leads to', async (t) => {
  const other = await serveFaults(serving(tarball));
  t.teardown(other.close);
  const toOther: RequestListener = ({ url }, response) =>
    response.writeHead(302, { location: `${other.url}${url}` }).end();
  const { open } = await source(t, toOther);
  await t.rejects(open('secret').resolve(spec), { code: 'NOT_A_REGISTRY', message: /redirects to http:\/\/127/ });
  await t.rejects(open('secret').versions(spec.name.full), { code: 'NOT_A_REGISTRY' });
  t.same(other.requests, []);
  t.same(await open().versions(spec.name.full), ['1.0.0'], 'without a token it is followed');
});

t.test('at the same registry a redirect is followed with the token', async (t) => {
  const moved: RequestListener = ({ url }, response) => response.writeHead(302, { location: url }).end();
  const { server, open } = await source(t, moved, serving(tarball));
  t.same(await open('secret').versions(spec.name.full), ['1.0.0']);
  t.same(
    server.requests.map(({ authorization }) => authorization),
    ['Bearer secret', 'Bearer secret'],
  );
});
