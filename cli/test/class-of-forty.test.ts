// A class of forty: everybody installs, starts and tests at once, behind one address; then again without the registry.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { startRegistry } from '../../fixtures/start-registry.ts';
import { serveMirror } from '../classroom/mirror/serve-mirror.ts';
import { run as create } from '../commands/classroom-create.ts';
import { run as start } from '../commands/classroom-start.ts';
import { run as mirror } from '../commands/mirror.ts';
import { run as test, views as testViews } from '../commands/test.ts';
import { installInto } from './helpers/class-folders.ts';
import { type TestContext, testContext } from './helpers/context.ts';
import { fixtureTarball } from './helpers/course-server.ts';
import { pathWith } from './helpers/package-managers.ts';

const STUDENTS = 40;
/** They run npm itself. The others make the same requests, and progy starts in this process: forty npms would take minutes. */
const WITH_NPM = 3;

const run = promisify(execFile);
const outside = await mkdtemp(join(tmpdir(), 'progy-forty-'));
const registry = await startRegistry({ seed: true });
t.teardown(() => rm(outside, { recursive: true, force: true }));
t.teardown(() => registry.stop());

const PATH = await pathWith('npm', outside);
const course = await fixtureTarball('javascript-quest');
const teacher = await testContext(outside, { env: { PATH, PROGY_REGISTRY: registry.url } });
await create({ courses: ['@diego/javascript-quest'], manager: 'npm', git: false, dir: 'class' }, teacher);
await mirror({ courses: ['@diego/javascript-quest'], output: 'mirror', url: 'http://localhost:8788' }, teacher);

interface Locked {
  readonly resolved: string;
  readonly integrity: string;
}

const lock = JSON.parse(await readFile(join(teacher.cwd, 'class', 'package-lock.json'), 'utf8'));
const packages = Object.entries(lock.packages as Record<string, Locked>).filter(([place]) => place !== '');

/** What `npm ci` asks for and checks: the locked tarballs, and nothing else. Returns the status of each answer. */
async function installLike(npmAt: string, laptop: string): Promise<number[]> {
  const install = async ([place, { resolved, integrity }]: [string, Locked]) => {
    const { pathname } = new URL(resolved);
    const answer = await fetch(new URL(pathname, npmAt));
    const bytes = Buffer.from(await answer.arrayBuffer());
    const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (found === integrity && place.endsWith('javascript-quest')) await installInto(laptop, { ...course, bytes });
    return found === integrity ? answer.status : 0;
  };
  return Promise.all(packages.map(install));
}

/** A student clones the class, installs and starts. Returns the id of what they have: every file, mode and the lock. */
async function student(number: number, folder: string, url: string, settings: readonly string[]): Promise<string> {
  const context = await testContext(join(folder, `student-${number}`), { env: { PATH } });
  const laptop = join(context.cwd, 'class');
  await cp(join(teacher.cwd, 'class'), laptop, { recursive: true });
  if (number < WITH_NPM) {
    const env = { PATH, HOME: context.home };
    await run('npm', ['ci', ...settings], { cwd: laptop, env });
    const { stdout } = await run('npm', ['start'], { cwd: laptop, env });
    if (!stdout.includes('@diego/javascript-quest 0.3.0 is ready in my-javascript-quest')) throw new Error(stdout);
  } else {
    const statuses = await installLike(url, laptop);
    if (statuses.some((status) => status !== 200)) throw new Error(`Answered with ${statuses}`);
    await start({ courses: [] }, { ...context, cwd: laptop });
  }
  await firstTest(number, context, join(laptop, 'my-javascript-quest'));
  const { stdout } = await run('git', ['-C', join(laptop, 'my-javascript-quest'), 'rev-parse', 'HEAD^{tree}']);
  return stdout.trim();
}

/** Runs the course's tests: the exercise is still to be done. With npm, progy is the one that the class pins. */
async function firstTest(number: number, context: TestContext, cwd: string): Promise<void> {
  if (number < WITH_NPM) {
    const args = ['exec', '--no', '--', 'progy', 'test', '--yes'];
    const { stdout } = await run('npm', args, { cwd, env: { PATH, HOME: context.home } }).catch((error) => error);
    if (!stdout.includes('1.1 The treasure map: not passed')) throw new Error(stdout);
  } else {
    const tested = await test({ yes: true }, { ...context, cwd });
    if (testViews.exitCode?.(tested) !== 1) throw new Error('The first exercise passes as it was published');
  }
}

async function wholeClass(t: Test, url: string, settings: readonly string[] = []): Promise<void> {
  const folder = await mkdtemp(join(outside, 'room-'));
  const starts = Array.from({ length: STUDENTS }, (_, number) => student(number, folder, url, settings));
  const trees = await Promise.all(starts);
  t.equal(trees.length, STUDENTS);
  t.match(trees[0], /^[0-9a-f]{40}$/);
  t.equal(new Set(trees).size, 1, 'all have the same files');
  await rm(folder, { recursive: true, force: true });
}

t.test('the class pins progy and the course', async (t) => {
  t.same(
    packages.map(([place]) => place),
    ['node_modules/@diego/javascript-quest', 'node_modules/@progy/cli'],
  );
});

t.test(`${STUDENTS} students install, start and test at once, all the same, and none is refused`, async (t) => {
  await wholeClass(t, registry.url);
});

t.test('the same without the registry, from a mirror', async (t) => {
  await registry.stop();
  const served = await serveMirror(join(teacher.cwd, 'mirror'), 0, '127.0.0.1');
  t.teardown(served.close);
  const url = `http://127.0.0.1:${served.port}`;
  const scopes = ['', '@diego:', '@progy:'].map((scope) => `--${scope}registry=${url}`);
  await wholeClass(t, url, ['--replace-registry-host=always', ...scopes]);
});
