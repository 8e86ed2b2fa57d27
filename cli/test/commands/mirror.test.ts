import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { serveMirror } from '../../classroom/mirror/serve-mirror.ts';
import { run as info } from '../../commands/info.ts';
import { run as init } from '../../commands/init.ts';
import { run as mirror, views } from '../../commands/mirror.ts';
import type { MirrorOptions } from '../../usage/mirror.ts';
import { testContext } from '../helpers/context.ts';
import { pathWith } from '../helpers/package-managers.ts';

const runProgram = promisify(execFile);
const outside = await mkdtemp(join(tmpdir(), 'progy-mirror-'));
const registry = await startRegistry({ seed: true });
t.teardown(() => rm(outside, { recursive: true, force: true }));
t.teardown(() => registry.stop());

const RUST = '@diego/rust-mastery';
const SQL = '@marta/sql-detective';
const teacher = await testContext(outside, { env: { PROGY_REGISTRY: registry.url } });
const folder = join(teacher.cwd, 'mirror');
const copy = (options: Partial<MirrorOptions> = {}) =>
  mirror({ courses: [RUST], output: 'mirror', url: 'http://localhost:8788', ...options }, teacher);

/** A class of npm's, locked while the registry is there. */
const PATH = await pathWith('npm', outside);
const npmEnv = { PATH, HOME: teacher.home };
const classroom = join(outside, 'class');
await mkdir(classroom);
await writeFile(
  join(classroom, 'package.json'),
  JSON.stringify({ private: true, dependencies: { [RUST]: '1.0.0', [SQL]: '1.2.0' } }),
);
await writeFile(
  join(classroom, '.npmrc'),
  `@diego:registry=${registry.url}\n@marta:registry=${registry.url}\naudit=false\n`,
);
await runProgram('npm', ['install', '--package-lock-only'], { cwd: classroom, env: npmEnv });

/** Serves a folder as simple web servers do: files, and index.html for folders, which they name with a slash. */
async function plainServer(root: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const path = join(root, decodeURIComponent(request.url ?? ''));
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() && !request.url?.endsWith('/'))
      response.writeHead(301, { location: `${request.url}/` }).end();
    else if (stats === undefined) response.writeHead(404).end();
    else response.end(await readFile(stats.isDirectory() ? join(path, 'index.html') : path).catch(() => ''));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

t.test('a mirror holds what npm and progy ask for, and only the chosen versions', async (t) => {
  const result = await copy({ courses: [RUST, SQL] });
  t.match(result.courses, [
    { name: RUST, version: '1.0.0', integrity: /^sha512-/ },
    { name: SQL, version: '1.2.0', integrity: /^sha512-/ },
  ]);
  t.match(views.human(result), /^mirror is a mirror of http:\S+\n {2}@diego\/rust-mastery 1\.0\.0\n/);
  t.match(views.human(result), /\nNext: progy serve mirror --host 0\.0\.0\.0$/);
  const files = await readdir(folder, { recursive: true });
  for (const path of [
    'progy-mirror.json',
    '-/npm/v1/keys',
    '@diego/rust-mastery/index.html',
    '@diego/rust-mastery/abbreviated.json',
    '@diego/rust-mastery/-/rust-mastery-1.0.0.tgz',
    'registry/download/@diego/rust-mastery/1.0.0',
    'registry/info/@diego/rust-mastery/1.0.0',
    'registry/resolve/@diego/rust-mastery',
  ])
    t.ok(files.includes(path), path);
  t.notOk(files.some((path) => path.endsWith('.part')));
});

t.test('an earlier mirror of the same registry grows; other folders are left alone', async (t) => {
  const known = async () => JSON.parse(await readFile(join(folder, 'progy-mirror.json'), 'utf8')).courses;
  const before = await known();
  await copy();
  t.same(await known(), before, 'the same courses again are no news');
  const mine = join(teacher.cwd, 'mine');
  await mkdir(mine);
  await writeFile(join(mine, 'thesis.txt'), 'years of work');
  await t.rejects(copy({ output: 'mine' }), { code: 'TARGET_NOT_EMPTY' });
  t.same(await readdir(mine), ['thesis.txt']);
  await t.rejects(copy({ courses: ['@diego/no-such-course'], output: 'other' }), { code: 'PACKAGE_NOT_FOUND' });
});

t.test('a mirror that was cut off is finished by the same command', async (t) => {
  const courses = [RUST, '@diego/no-such-course'];
  await t.rejects(copy({ courses, output: 'half' }), { code: 'PACKAGE_NOT_FOUND' });
  const { courses: copied } = await copy({ output: 'half' });
  t.match(copied, [{ name: RUST, version: '1.0.0' }]);
  await t.rejects(copy({ courses: ['@diego/no-such-course'], output: 'none' }), { code: 'PACKAGE_NOT_FOUND' });
  t.same(await readdir(join(teacher.cwd, 'none')), [], 'nothing says whose mirror it is before something is there');
});

const plain = await plainServer(join(teacher.cwd, 'static'));

t.test('a mirror names the address that another web server will give it', async (t) => {
  await copy({ courses: [RUST, SQL], output: 'static', url: `${plain}/` });
  const { versions } = JSON.parse(await readFile(join(teacher.cwd, 'static/@diego/rust-mastery/index.html'), 'utf8'));
  t.equal(versions['1.0.0'].dist.tarball, `${plain}/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz`);
  t.equal(versions['1.0.0'].dist.progy.url, `${plain}/registry/download/@diego/rust-mastery/1.0.0`);
});

t.test('without the registry', async (t) => {
  await registry.stop();
  const served = await serveMirror(folder, 0, '127.0.0.1');
  t.teardown(served.close);
  const students = { 'progy serve': `http://127.0.0.1:${served.port}`, 'any static web server': plain };

  for (const [label, url] of Object.entries(students)) {
    t.test(`progy init gets a course from ${label}, signed by the registry`, async (t) => {
      const student = await testContext(t.testdir({}));
      const { signature, version, files } = await init({ spec: RUST, git: false, registry: url }, student);
      t.match(signature, { keyid: /^SHA256:/ });
      t.equal(version, '1.0.0');
      t.ok(files.length > 20);
      t.same(student.talk.warnings, []);
    });

    t.test(`npm ci installs what a class locked at the registry from ${label}`, async (t) => {
      const laptop = t.testdir({});
      for (const name of ['package.json', 'package-lock.json', '.npmrc'])
        await writeFile(join(laptop, name), await readFile(join(classroom, name)));
      const settings = ['', '@diego:', '@marta:'].map((scope) => `--${scope}registry=${url}`);
      const args = ['ci', '--replace-registry-host=always', ...settings, `--cache=${join(laptop, 'cache')}`];
      await runProgram('npm', args, { cwd: laptop, env: npmEnv });
      t.match(await readdir(join(laptop, 'node_modules', '@diego', 'rust-mastery')), ['.progy']);
    });
  }

  t.test('progy init --from gets a course from the folder itself, as from a USB stick, with every check', async (t) => {
    const student = await testContext(t.testdir({}), { env: { http_proxy: 'http://127.0.0.1:9' } });
    const { signature, path, resolved } = await init({ spec: RUST, git: true, from: folder }, student);
    t.match(signature, { keyid: /^SHA256:/ });
    t.match(JSON.parse(await readFile(join(path, 'progy-lock.json'), 'utf8')), {
      registry: `${registry.url}/`,
      resolved: `${registry.url}/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz`,
    });
    t.match(resolved, /rust-mastery-1\.0\.0\.tgz$/);
    await t.rejects(init({ spec: RUST, git: false, from: outside }, student), { code: 'NOT_A_MIRROR' });
    const both = { spec: RUST, git: false, from: folder, registry: registry.url };
    await t.rejects(init(both, student), { code: 'USAGE' });
  });

  t.test('progy info answers from a mirror', async (t) => {
    const student = await testContext(t.testdir({}));
    const url = `http://127.0.0.1:${served.port}`;
    const shown = await info({ spec: RUST, registry: url }, student);
    t.match(shown, { info: { name: RUST }, signature: { state: 'valid' } });
  });

  t.test('bytes that somebody changed in a mirror are refused', async (t) => {
    const tarball = join(folder, '@diego/rust-mastery/-/rust-mastery-1.0.0.tgz');
    const bytes = await readFile(tarball);
    await writeFile(tarball, bytes.subarray(1));
    const student = await testContext(t.testdir({}));
    const url = `http://127.0.0.1:${served.port}`;
    await t.rejects(init({ spec: RUST, git: false, registry: url }, student), { code: 'EINTEGRITY' });
    await t.rejects(init({ spec: RUST, git: false, from: folder }, student), { code: 'EINTEGRITY' });
    await writeFile(tarball, bytes);
  });
});
