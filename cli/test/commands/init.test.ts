import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { run, views } from '../../commands/init.ts';
import { run as publish } from '../../commands/publish.ts';
import { readCourseFolder } from '../../course/folder.ts';
import { explainError } from '../../explain-error.ts';
import { createRegistryClient } from '../../registry/client.ts';
import type { InitOptions } from '../../usage/init.ts';
import { testContext } from '../helpers/context.ts';

const registry = await startRegistry({ seed: true });
t.teardown(() => registry.stop());
const { url } = registry;
const COURSES = fileURLToPath(new URL('../../../fixtures/courses/', import.meta.url));
const LOCK = 'progy-lock.json';

/** A student in an empty folder. */
async function student(t: Test, env: Record<string, string> = {}) {
  const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url, ...env } });
  const init = (options: Partial<InitOptions> = {}, where = context) =>
    run({ spec: '@diego/rust-mastery', git: true, ...options }, where);
  return { context, init };
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return files.filter((path) => !path.startsWith('.git/')).sort();
}

for (const [name, version] of Object.entries({
  '@diego/rust-mastery': '1.0.0',
  '@diego/javascript-quest': '0.3.0',
  '@marta/sql-detective': '1.2.0',
})) {
  const slug = name.split('/')[1] ?? '';
  t.test(`${name}: the folder holds what the author packed, a lock, and one commit`, async (t) => {
    const { context, init } = await student(t);
    const result = await init({ spec: name });
    const folder = join(context.cwd, slug);
    t.equal(result.path, folder);
    const source = join(COURSES, slug);
    const { files } = await readCourseFolder(source);
    t.same(await filesBelow(folder), [...files.map(({ path }) => path), LOCK].sort());
    for (const { path, mode } of files) {
      t.ok((await readFile(join(folder, path))).equals(await readFile(join(source, path))), path);
      t.equal(((await stat(join(folder, path))).mode & 0o100) !== 0, mode === '100755', path);
    }
    t.match(JSON.parse(await readFile(join(folder, LOCK), 'utf8')), {
      lockfileVersion: 1,
      name,
      version,
      resolved: result.resolved,
      integrity: result.integrity,
      registry: `${url}/`,
    });
    t.equal(git(folder, 'log', '--all', '--format=%D %s'), `HEAD -> main Start ${name} ${version}`);
    t.equal(git(folder, 'status', '--porcelain'), '');
    t.equal(git(folder, 'ls-files').split('\n').length, files.length + 1, 'everything is committed, the lock too');
    t.same(await readdir(context.cwd), [slug], 'nothing else is left behind');
  });
}

t.test('the tree is the one that the registry shows', async (t) => {
  const { init } = await student(t);
  const { tree, version } = await init();
  const packument = (await (await fetch(`${url}/@diego%2frust-mastery`)).json()) as {
    versions: Record<string, { dist: { progy: { tree: string } } }>;
  };
  t.equal(tree, packument.versions[version]?.dist.progy.tree);
});

t.test('the summary ends with one next step; --json tells what programs need', async (t) => {
  const { context, init } = await student(t);
  const result = await init({ dir: 'my rust' });
  t.match(views.human(result), /^@diego\/rust-mastery 1\.0\.0 is ready in my rust\n/);
  t.match(views.human(result), /\n {2}read {3}SETUP\.md\n/);
  t.ok(views.human(result).endsWith('\nNext: cd "my rust", then: progy next'));
  t.match(views.json(result), {
    name: '@diego/rust-mastery',
    version: '1.0.0',
    path: join(context.cwd, 'my rust'),
    integrity: /^sha512-/,
    tree: /^[0-9a-f]{64}$/,
    git: { branch: 'main', commit: /^[0-9a-f]{40}$/ },
  });
});

t.test('a version, a range and a tag choose; what does not exist is told', async (t) => {
  const { init } = await student(t);
  for (const [index, wanted] of ['@1.0.0', '@^1.0', '@latest'].entries()) {
    t.equal((await init({ spec: `@diego/rust-mastery${wanted}`, dir: `r${index}` })).version, '1.0.0', wanted);
  }
  const explained = (spec: string) => init({ spec, dir: 'x' }).then(() => undefined, explainError);
  t.match(await explained('@diego/rust-mastery@^9'), {
    code: 'VERSION_NOT_FOUND',
    error: /Available versions include 1\.0\.0/,
  });
  t.match(await explained('@diego/rust-mastery@spring'), { code: 'VERSION_NOT_FOUND' });
  t.match(await explained('@diego/no-such-course'), { code: 'PACKAGE_NOT_FOUND' });
  t.match(await explained('rust-mastery'), { code: 'INVALID_NAME' });
});

t.test('a folder that holds anything is refused and stays as it is', async (t) => {
  const { context, init } = await student(t);
  const target = join(context.cwd, 'rust-mastery');
  await mkdir(target);
  await writeFile(join(target, 'thesis.txt'), 'years of work');
  git(target, 'init', '--quiet');
  await t.rejects(init(), { code: 'TARGET_NOT_EMPTY' });
  t.same((await readdir(target)).sort(), ['.git', 'thesis.txt']);
  await writeFile(join(context.cwd, 'file'), 'x');
  await symlink('nowhere', join(context.cwd, 'link'));
  await t.rejects(init({ dir: 'file' }), { code: 'TARGET_NOT_EMPTY' });
  await t.rejects(init({ dir: 'link' }), { code: 'TARGET_NOT_EMPTY' });
  t.same((await readdir(context.cwd)).sort(), ['file', 'link', 'rust-mastery']);
});

t.test('an empty folder is filled, also the one that the student stands in', async (t) => {
  const { context, init } = await student(t);
  await mkdir(join(context.cwd, 'empty'));
  t.equal((await init({ dir: 'empty' })).git !== undefined, true);
  t.ok((await readdir(join(context.cwd, 'empty'))).includes('course.json'));
  const here = join(context.cwd, 'here');
  await mkdir(here);
  const result = await init({ dir: '.' }, { ...context, cwd: here });
  t.ok((await readdir(here)).includes('.git'));
  t.equal(git(here, 'status', '--porcelain'), '');
  t.match(views.human(result), /is ready in this folder\n[\s\S]*Next: progy next$/);
});

t.test('--no-git makes no repository, and a machine without git still gets the course', async (t) => {
  const { context, init } = await student(t);
  const wanted = await init({ git: false, dir: 'a' });
  t.match(views.json(wanted), { git: null });
  const missing = await init({ dir: 'b' }, { ...context, env: { ...context.env, PATH: context.home } });
  t.match(views.json(missing), { git: null, gitProblem: 'git-missing' });
  t.match(views.human(missing), /git is not installed(?:.|\n)*\n\s+git init -b main\n/);
  for (const dir of ['a', 'b']) t.notOk((await readdir(join(context.cwd, dir))).includes('.git'), dir);
});

t.test('inside another repository it warns, and makes its own', async (t) => {
  const { context, init } = await student(t);
  git(context.cwd, 'init', '--quiet');
  await init();
  t.match(context.talk.warnings, [/inside the git repository .*work.*a repository of its own/]);
  t.equal(git(join(context.cwd, 'rust-mastery'), 'log', '--format=%s'), 'Start @diego/rust-mastery 1.0.0');
});

t.test('the second time comes from the Progy cache, and eight students at once share it', async (t) => {
  const { context, init } = await student(t);
  await init({ dir: 'first' });
  t.ok((await readdir(join(context.home, '.progy', 'cache', 'registry'))).length > 0);
  const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const results = await Promise.all(names.map((dir) => init({ dir, git: false })));
  t.equal(new Set(results.map(({ tree }) => tree)).size, 1);
});

t.test('a private course needs a token, and its tarball gets it too', async (t) => {
  const client = createRegistryClient({ url: `${url}/`, label: url, isDefault: false }, new AbortController().signal);
  const token = await client.login('diego', 'progy-demo-pass');
  const diego = await student(t, { PROGY_TOKEN: token });
  await publish({}, { ...diego.context, cwd: join(COURSES, 'private-notes') });
  const spec = '@diego/private-notes';
  t.equal((await diego.init({ spec })).name, spec);
  const stranger = await student(t);
  t.match(await stranger.init({ spec }).then(() => undefined, explainError), { code: 'PACKAGE_NOT_FOUND' });
});

t.test('an interruption leaves neither a folder nor a temporary one', async (t) => {
  const interruption = new AbortController();
  const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url }, signal: interruption.signal });
  const talk = Object.assign(Object.create(context.talk), {
    during: async (label: string, work: (report: () => void) => Promise<unknown>) => {
      if (label.startsWith('Getting')) interruption.abort(new Error('interrupted'));
      return work(() => {});
    },
  });
  await t.rejects(run({ spec: '@diego/rust-mastery', git: true }, { ...context, talk }), { message: 'interrupted' });
  t.same(await readdir(context.cwd), []);
});
