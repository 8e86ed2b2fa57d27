import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CourseFile } from '@progy/protocol/course/course-files.ts';
import t from 'tap';
import { unpackCourse } from '../../course/unpack.ts';
import type { ResolvedCourse } from '../../registry/resolved-course.ts';
import { courseNamed, fixtureTarball, type Tarball, tarballOf } from '../helpers/course-server.ts';

const signal = new AbortController().signal;
const COURSES = new URL('../../../fixtures/courses/', import.meta.url);

const resolvedOf = ({ course, integrity, tree }: Tarball): ResolvedCourse => ({
  name: course.name.full,
  version: course.version,
  resolved: 'http://registry.test/x.tgz',
  integrity,
  tree,
  signatures: [],
  publishedAt: new Date(0),
});

async function unpack(folder: string, tarball: Tarball, course = resolvedOf(tarball)) {
  await writeFile(join(folder, 'course.tgz'), tarball.bytes);
  await mkdir(join(folder, 'course'));
  return unpackCourse(createReadStream(join(folder, 'course.tgz')), join(folder, 'course'), course, { signal });
}

async function* filesOf(files: Record<string, string>): AsyncIterable<CourseFile> {
  for (const [path, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    yield { path, mode: '100644', size: bytes.length, content: [bytes] as unknown as AsyncIterable<Uint8Array> };
  }
}

for (const name of ['rust-mastery', 'javascript-quest', 'sql-detective']) {
  t.test(`${name}: every file is as the author wrote it, with its own name and exec bit`, async (t) => {
    const folder = t.testdir({});
    const tarball = await fixtureTarball(name);
    const { files, tree } = await unpack(folder, tarball);
    t.equal(tree, tarball.tree);
    for (const { path, mode } of files) {
      const unpacked = join(folder, 'course', path);
      t.ok((await readFile(unpacked)).equals(await readFile(new URL(`${name}/${path}`, COURSES))), path);
      t.equal(((await stat(unpacked)).mode & 0o100) !== 0, mode === '100755', path);
    }
    const there = (await readdir(join(folder, 'course'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    t.equal(there.length, files.length, 'and nothing else is there');
  });
}

t.test('other files than were published are refused', async (t) => {
  const tarball = await fixtureTarball('rust-mastery');
  const course = { ...resolvedOf(tarball), tree: '0'.repeat(64) };
  await t.rejects(unpack(t.testdir({}), tarball, course), { code: 'INTEGRITY' });
});

t.test('a registry that tells no tree is served by the list in the tarball', async (t) => {
  const tarball = await fixtureTarball('rust-mastery');
  t.equal((await unpack(t.testdir({}), tarball, { ...resolvedOf(tarball), tree: undefined })).tree, tarball.tree);
});

t.test('another course under this name is refused', async (t) => {
  const files = { 'content/a.md': '', 'course.json': '{"name":"@mallory/rust","version":"1.0.0"}' };
  const tarball = await tarballOf(courseNamed('@mallory/rust', '1.0.0'), filesOf(files));
  const course = { ...resolvedOf(tarball), name: '@diego/rust' };
  await t.rejects(unpack(t.testdir({}), tarball, course), { code: 'UNSAFE_ANSWER', message: /holds @mallory\/rust/ });
});

t.test('a tarball that is no course is refused with a sentence for a student', async (t) => {
  const folder = t.testdir({});
  const tarball = await fixtureTarball('rust-mastery');
  const cut = { ...tarball, bytes: tarball.bytes.subarray(0, 2000) };
  await t.rejects(unpack(folder, cut), { code: 'UNSAFE_ANSWER', next: /Tell the operator/ });
});

t.test('hostile paths with a right checksum write nothing outside', async (t) => {
  for (const path of [
    '../escaped.txt',
    '.git/hooks/pre-commit',
    'content/.GIT/config',
    '/tmp/escaped.txt',
    'node_modules/x.js',
    '.npmrc',
  ]) {
    const folder = t.testdir({});
    const files = { 'content/a.md': '', 'course.json': '{"name":"@diego/rust","version":"1.0.0"}', [path]: 'evil' };
    const tarball = await tarballOf(courseNamed('@diego/rust', '1.0.0'), filesOf(files));
    await t.rejects(unpack(folder, tarball), { code: 'UNSAFE_ANSWER' }, path);
    t.same((await readdir(folder)).sort(), ['course', 'course.tgz'], path);
  }
});

t.test('Ctrl-C ends the unpacking', async (t) => {
  const folder = t.testdir({});
  const tarball = await fixtureTarball('rust-mastery');
  await writeFile(join(folder, 'course.tgz'), tarball.bytes);
  const reason = new Error('interrupted');
  const unpacking = unpackCourse(createReadStream(join(folder, 'course.tgz')), folder, resolvedOf(tarball), {
    signal: AbortSignal.abort(reason),
  });
  await t.rejects(unpacking, reason);
});
