import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gzip } from '@progy/protocol/bytes/gzip.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { packTar, type TarFile } from '@progy/protocol/tar/tar-packing.ts';
import t, { type Test } from 'tap';
import { packageFilesOf } from '../../classroom/lockfiles/tarball-files.ts';
import { run, views } from '../../commands/classroom-start.ts';
import { readCourseFolder } from '../../course/folder.ts';
import { readProgyLock } from '../../student/lock.ts';
import { classFolder, installInto } from '../helpers/class-folders.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, integrityOf, serving, type Tarball } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';
import { lockfileOf } from '../helpers/lockfiles.ts';

const rust = await fixtureTarball('rust-mastery');
const sql = await fixtureTarball('sql-detective');

/** A student in a class folder, after `npm ci`, without a network. */
async function student(t: Test, { kind = 'npm', courses = [rust] as readonly Tarball[] } = {}) {
  const context = await testContext(t.testdir({}));
  await classFolder(context.cwd, courses, { kind });
  const [installed = ''] = await Promise.all(courses.map((course) => installInto(context.cwd, course)));
  const start = (names: string[] = [], dir?: string) => run({ courses: names, dir }, context);
  return { context, start, installed, folder: join(context.cwd, 'my-rust-mastery') };
}

async function sameAsFixture(t: Test, folder: string, slug: string): Promise<void> {
  const source = fileURLToPath(new URL(`../../../fixtures/courses/${slug}`, import.meta.url));
  const { files } = await readCourseFolder(source);
  for (const { path, mode } of files) {
    t.ok((await readFile(join(folder, path))).equals(await readFile(join(source, path))), path);
    t.equal(((await stat(join(folder, path))).mode & 0o100) !== 0, mode === '100755', path);
  }
  const there = execFileSync('git', ['-C', folder, 'ls-files'], { encoding: 'utf8' }).trim().split('\n');
  t.equal(there.length, files.length + 1, 'the files and the lock, all committed');
}

for (const kind of ['npm', 'npm1', 'pnpm', 'yarn1', 'yarn', 'bun']) {
  t.test(`${kind}: npm start makes the student’s own copy from node_modules, without a network`, async (t) => {
    const { start, folder, context } = await student(t, { kind });
    const { courses } = await start();
    t.match(courses, [{ name: '@diego/rust-mastery', version: '1.0.0', path: folder, state: 'started' }]);
    await sameAsFixture(t, folder, 'rust-mastery');
    t.match(await readProgyLock(folder), {
      name: '@diego/rust-mastery',
      version: '1.0.0',
      integrity: rust.integrity,
      registry: 'http://127.0.0.1:9/',
      resolved: 'http://127.0.0.1:9/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz',
    });
    t.same(context.talk.warnings, []);
  });
}

t.test('courses that were published before tarballs had a notice start too', async (t) => {
  const once = async function* () {
    yield rust.bytes;
  };
  const entries = async function* (): AsyncIterable<TarFile> {
    for await (const { path, mode, content } of packageFilesOf(once(), nodePlatform)) {
      const bytes = Buffer.concat(await Array.fromAsync(content));
      const again = async function* () {
        yield bytes;
      };
      if (path !== 'NOT-YOUR-COPY.md') yield { name: `package/${path}`, mode, size: bytes.length, content: again() };
    }
  };
  const bytes = Buffer.concat(await Array.fromAsync(gzip(packTar(entries()), nodePlatform)));
  const older = { ...rust, bytes, integrity: integrityOf(bytes) };
  t.not(older.integrity, rust.integrity);
  const { start, folder } = await student(t, { courses: [older] });
  await start();
  await sameAsFixture(t, folder, 'rust-mastery');
  t.match(await readProgyLock(folder), { integrity: older.integrity });
});

t.test('a second npm start says where the course is, and touches nothing', async (t) => {
  const { start, folder } = await student(t);
  const first = views.human(await start());
  t.equal(
    first,
    '@diego/rust-mastery 1.0.0 is ready in my-rust-mastery\n  bytes  exactly those in package-lock.json\n\nNext: cd my-rust-mastery, then: progy next',
  );
  await writeFile(join(folder, 'course.json'), 'a student’s own words');
  const again = views.human(await start());
  t.equal(
    again,
    '@diego/rust-mastery 1.0.0 is already in my-rust-mastery, with your work\n\nNext: cd my-rust-mastery, then: progy next',
  );
  t.equal(await readFile(join(folder, 'course.json'), 'utf8'), 'a student’s own words');
});

t.test('after the class has moved, the next step is the update', async (t) => {
  const { start, context } = await student(t);
  await start();
  const { fileName, text } = lockfileOf('npm', '@diego/rust-mastery', '1.1.0', rust.integrity);
  await writeFile(join(context.cwd, fileName), text);
  const said = views.human(await start());
  t.match(said, /the class has moved to 1\.1\.0; your work is on 1\.0\.0\n/);
  t.match(said, /\nNext: cd my-rust-mastery, then: progy update --to 1\.1\.0$/);
});

t.test('npm start works from any folder of the class, for each course and for one', async (t) => {
  const { context } = await student(t, { courses: [rust] });
  const deep = join(context.cwd, 'notes', 'monday');
  await mkdir(deep, { recursive: true });
  const { courses } = await run({ courses: ['@diego/rust-mastery'], dir: 'here' }, { ...context, cwd: deep });
  t.match(courses, [{ path: join(deep, 'here'), shownPath: 'here', state: 'started' }]);
  await t.rejects(run({ courses: ['@marta/sql-detective'] }, context), { code: 'NOT_IN_A_CLASS' });
  await t.rejects(run({ courses: [] }, { ...context, cwd: context.home }), { code: 'NOT_IN_A_CLASS' });
});

t.test('two courses come into two folders', async (t) => {
  const { context, start } = await student(t, { kind: 'npm', courses: [rust, sql] });
  const packages = Object.fromEntries(
    [rust, sql].map(({ course, integrity }) => [
      `node_modules/${course.name.full}`,
      { version: course.version, integrity },
    ]),
  );
  await writeFile(join(context.cwd, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  t.same(
    (await start()).courses.map(({ shownPath }) => shownPath),
    ['my-rust-mastery', 'my-sql-detective'],
  );
  await sameAsFixture(t, join(context.cwd, 'my-sql-detective'), 'sql-detective');
  await t.rejects(start([], 'both'), { code: 'USAGE' });
});

t.test('modes that a package manager or a disk lost come back from the list', async (t) => {
  const { start, folder, installed } = await student(t);
  await chmod(join(installed, 'runner', 'check.sh'), 0o644);
  await start();
  await sameAsFixture(t, folder, 'rust-mastery');
});

for (const [fact, change] of [
  ['changed', (folder: string) => appendFile(join(folder, 'README.md'), 'a student’s note')],
  ['deleted', (folder: string) => rm(join(folder, 'README.md'))],
  ['truncated', (folder: string) => writeFile(join(folder, 'README.md'), '')],
  ['lost its list', (folder: string) => writeFile(join(folder, '.progy', 'files.json'), '{}')],
] as const) {
  t.test(`a file that somebody ${fact} inside node_modules is seen, and nothing is left behind`, async (t) => {
    const { start, context, installed } = await student(t);
    await change(installed);
    await t.rejects(start(), { code: 'NOT_INSTALLED', next: /delete node_modules, then run: npm ci$/ });
    t.same((await readdir(context.cwd)).sort(), ['.npmrc', 'node_modules', 'package-lock.json', 'package.json']);
  });
}

t.test(
  'where another deflate makes other bytes of the same files, the pinned ones come from the cache or the registry',
  async (t) => {
    const bytes = gzipSync(gunzipSync(rust.bytes), { level: 1 });
    const other = { ...rust, bytes, integrity: integrityOf(bytes) };
    const server = await serveFaults(serving(other));
    t.teardown(server.close);
    const { context, folder } = await student(t, { courses: [other] });
    await writeFile(join(context.cwd, '.npmrc'), `@diego:registry=${server.url}\n`);
    const cached = { ...context, env: { ...context.env, npm_config_cache: join(context.home, 'npm-cache') } };
    const start = () => run({ courses: [] }, cached);
    const { fileName, text } = lockfileOf('npm', '@diego/rust-mastery', '1.0.0', other.integrity);
    const resolved = `${server.url}/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz`;
    await writeFile(join(context.cwd, fileName), text.replace('{"version"', `{"resolved":"${resolved}","version"`));
    await start();
    await sameAsFixture(t, folder, 'rust-mastery');
    t.match(await readProgyLock(folder), { integrity: other.integrity });
    await rm(folder, { recursive: true });
    await server.close();
    await start();
    await sameAsFixture(t, folder, 'rust-mastery');
    await rm(folder, { recursive: true });
    await writeFile(
      join(context.cwd, fileName),
      lockfileOf('npm', '@diego/rust-mastery', '1.0.0', integrityOf(Buffer.from('x'))).text,
    );
    await t.rejects(start(), { code: 'UNREACHABLE' }, 'bytes that are nowhere are not made up');
  },
);

t.test('what is not installed, or in another version, is told with the command of the package manager', async (t) => {
  const { start, context } = await student(t, { kind: 'pnpm' });
  await writeFile(
    join(context.cwd, 'pnpm-lock.yaml'),
    lockfileOf('pnpm', '@diego/rust-mastery', '1.1.0', rust.integrity).text,
  );
  await t.rejects(start(), {
    code: 'NOT_INSTALLED',
    message: /another version/,
    next: 'Run: pnpm install --frozen-lockfile',
  });
  await rm(join(context.cwd, 'node_modules'), { recursive: true });
  await t.rejects(start(), { code: 'NOT_INSTALLED', next: 'Run: pnpm install --frozen-lockfile' });
});

t.test('lockfiles that pin different bytes of one version start nothing: no bytes are right for both', async (t) => {
  const { context, start, folder } = await student(t);
  const other = lockfileOf('yarn1', '@diego/rust-mastery', '1.0.0', integrityOf(Buffer.from('other bytes')));
  await writeFile(join(context.cwd, other.fileName), other.text);
  await t.rejects(start(), {
    code: 'LOCKFILE_MISMATCH',
    message: 'The lockfiles of this class pin different bytes of @diego/rust-mastery 1.0.0',
    next: /progy classroom verify/,
  });
  await t.rejects(stat(folder), { code: 'ENOENT' });
});

t.test('a folder of that name that is not the course is never touched', async (t) => {
  const { start, folder } = await student(t);
  await mkdir(folder);
  await writeFile(join(folder, 'thesis.txt'), 'years of work');
  await t.rejects(start(), { code: 'TARGET_NOT_EMPTY' });
  t.same(await readdir(folder), ['thesis.txt']);
});
