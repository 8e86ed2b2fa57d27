import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listedKey, makeKeyPair } from '@progy/protocol/wire/signature.ts';
import t, { type Test } from 'tap';
import { COMMANDS, MANAGERS } from '../../classroom/managers.ts';
import { run, views } from '../../commands/classroom-create.ts';
import { run as start } from '../../commands/classroom-start.ts';
import type { CreateOptions } from '../../usage/classroom.ts';
import { testContext } from '../helpers/context.ts';
import { courseNamed, fixtureTarball, servingAll, tarballOf } from '../helpers/course-server.ts';
import { type FaultServer, serveFaults } from '../helpers/fault-server.ts';
import { pathWith } from '../helpers/package-managers.ts';

const runProgram = promisify(execFile);
const rust = await fixtureTarball('rust-mastery');
const sql = await fixtureTarball('sql-detective');
const cli = await tarballOf(courseNamed('@progy/cli', '0.1.0'), (async function* () {})());

async function teacher(t: Test, manager: (typeof MANAGERS)[number] = 'npm', server?: FaultServer) {
  const registry = server ?? (await serveFaults(servingAll([rust, sql, cli])));
  if (server === undefined) t.teardown(registry.close);
  // Outside this repository: a class inside another one gets no repository of its own.
  const folder = await mkdtemp(join(tmpdir(), 'progy-class-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const PATH = await pathWith(manager, folder);
  // Yarn 1 keeps root's downloads outside the home.
  const context = await testContext(folder, { env: { PATH, YARN_CACHE_FOLDER: join(folder, 'yarn') } });
  const create = (options: Partial<CreateOptions> = {}) =>
    run({ courses: ['@diego/rust-mastery'], manager, git: true, registry: registry.url, ...options }, context);
  return { context, create, registry, folder: join(context.cwd, 'rust-mastery-class') };
}

for (const manager of MANAGERS) {
  t.test(`${manager}: the class is locked, students install exactly that, and start without the network`, async (t) => {
    const { create, folder, context, registry } = await teacher(t, manager);
    const created = await create({ courses: ['@diego/rust-mastery', '@marta/sql-detective@^1.0.0'], yes: true });
    const { lockfile, install } = COMMANDS[manager];
    t.match(created, {
      courses: [
        { name: '@diego/rust-mastery', version: '1.0.0', integrity: rust.integrity },
        { name: '@marta/sql-detective', version: '1.2.0', integrity: sql.integrity },
      ],
      git: { branch: 'main' },
    });
    t.same((await readdir(folder)).sort(), ['.git', ...created.files].sort(), 'nothing else is left there');
    t.ok(created.files.includes(lockfile));
    t.match(await readFile(join(folder, 'README.md'), 'utf8'), `\n${install}\n${COMMANDS[manager].start}\n`);
    const { stdout } = await runProgram('git', ['-C', folder, 'ls-files']);
    t.same(stdout.trim().split('\n').sort(), created.files);
    const laptop = join(context.home, 'laptop');
    await runProgram('git', ['clone', '--quiet', folder, laptop]);
    const [program = '', ...args] = install.split(' ');
    await runProgram(program, args, { cwd: laptop, env: { ...context.env } as NodeJS.ProcessEnv });
    await registry.close();
    const student = { ...context, cwd: laptop };
    const { courses } = await start({ courses: [] }, student);
    t.match(courses, [
      { shownPath: 'my-rust-mastery', version: '1.0.0', state: 'started' },
      { shownPath: 'my-sql-detective', version: '1.2.0', state: 'started' },
    ]);
    const { stdout: changes } = await runProgram('git', ['-C', laptop, 'status', '--porcelain']);
    t.equal(changes, '', 'what students make is no change to the class');
  });
}

t.test('what it prints ends with one next step, and tells what students type', async (t) => {
  const { create, folder } = await teacher(t);
  const said = views.human(await create({ yes: true }));
  t.match(said, /^A class is ready in rust-mastery-class\n {2}course {4}@diego\/rust-mastery 1\.0\.0\n/);
  t.match(said, /\n {2}students {2}npm ci && npm start\n {2}git {7}first commit [0-9a-f]{7} on main\n/);
  t.match(said, /\nNext: push it [^\n]+$/);
  t.match(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')), {
    name: 'rust-mastery-class',
    private: true,
    scripts: { start: 'progy classroom start' },
    dependencies: { '@progy/cli': '0.1.0', '@diego/rust-mastery': '1.0.0' },
  });
});

t.test('nobody is asked where nobody watches: without --yes there is no repository', async (t) => {
  const { create, folder } = await teacher(t);
  const said = views.human(await create());
  t.notOk((await readdir(folder)).includes('.git'));
  t.match(said, /\nNext: git init rust-mastery-class, then commit it/);
});

t.test('inside a repository there is no other one made', async (t) => {
  const { create, context, folder } = await teacher(t);
  await runProgram('git', ['init', '--quiet', context.cwd]);
  const said = views.human(await create({ yes: true }));
  t.notOk((await readdir(folder)).includes('.git'));
  t.match(said, /\nNext: git -C rust-mastery-class add \. && git -C rust-mastery-class commit -m /);
});

t.test('a folder may hold other things, but none of the class’s files', async (t) => {
  const { create, context } = await teacher(t);
  const folder = join(context.cwd, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'plan.md'), 'Monday');
  const created = await create({ dir: 'mine', yes: true });
  t.equal(created.git, undefined, 'what is there is not committed for its owner');
  t.same((await readdir(folder)).sort(), [...created.files, 'plan.md'].sort());
  await t.rejects(create({ dir: 'mine' }), { code: 'TARGET_NOT_EMPTY', message: /package\.json exists already/ });
  t.same((await readdir(folder)).sort(), [...created.files, 'plan.md'].sort());
});

t.test('a package manager that is not there, or is another, is told, and no class is left', async (t) => {
  const { create, folder } = await teacher(t);
  await t.rejects(create({ manager: 'pnpm' }), {
    code: 'MANAGER_FAILED',
    message: 'pnpm is not installed on this computer',
  });
  t.same(await readdir(folder), []);
  const { create: withYarn1 } = await teacher(t, 'yarn1');
  await t.rejects(withYarn1({ manager: 'yarn' }), { code: 'MANAGER_FAILED', next: /--manager yarn1/ });
  await t.rejects(create({ courses: ['@diego/no-such-course'] }), { code: 'PACKAGE_NOT_FOUND' });
});

t.test('a registry that does not sign what it says it signs makes no class', async (t) => {
  const { publicKey } = await makeKeyPair();
  const server = await serveFaults(servingAll([rust, cli], [await listedKey(publicKey, null)]));
  t.teardown(server.close);
  const { create } = await teacher(t, 'npm', server);
  await t.rejects(create(), { code: 'SIGNATURE' });
});
