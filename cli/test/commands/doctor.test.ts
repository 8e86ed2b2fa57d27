// progy doctor: each thing that can be wrong, what is said about it, and what to fix first.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { PING_PATH, WHOAMI_PATH } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { type DoctorResult, run, views } from '../../commands/doctor.ts';
import { run as init } from '../../commands/init.ts';
import { checkClock } from '../../doctor/registry.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, serving } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const { version } = packageJson;
const GIT = { GIT_CONFIG_NOSYSTEM: '1' };

interface Served {
  readonly date?: Date;
  readonly newest?: string;
  /** Undefined: the token is not known. */
  readonly username?: string;
}

/** What doctor asks of a registry. */
function registry({ date = new Date(), newest = version, username }: Served = {}): RequestListener {
  return (request, response) => {
    response.setHeader('date', date.toUTCString());
    if (request.url === PING_PATH) return answer(200, {})(request, response);
    if (request.url === '/@progy/cli/latest') return answer(200, { version: newest })(request, response);
    if (request.url === WHOAMI_PATH && username !== undefined) return answer(200, { username })(request, response);
    return answer(401, { error: 'Unauthorized', code: 'UNAUTHORIZED' })(request, response);
  };
}

async function patient(t: Test, env: Record<string, string> = {}, served: RequestListener = registry()) {
  const server = await serveFaults(served);
  t.teardown(server.close);
  const context = await testContext(t.testdir({}), { env: { ...GIT, ...env } });
  await writeFile(join(context.home, '.gitconfig'), '[user]\n\tname = Ana\n\temail = ana@example.com\n');
  return { server, context, look: () => run({ registry: server.url }, context) };
}

const found = ({ checks }: DoctorResult, name: string) => checks.find((check) => check.name === name);

t.test('where all is well each line says so, and so does the last', async (t) => {
  const { look, server } = await patient(t, { PROGY_TOKEN: 'x' }, registry({ username: 'ana' }));
  const result = await look();
  t.same(
    result.checks.map(({ name, status }) => `${name} ${status}`),
    ['Node', 'npm', 'git', 'git identity', 'registry', 'clock', 'account', 'progy', 'proxy', 'cache'].map(
      (n) => `${n} ok`,
    ),
  );
  t.match(views.human(result), /^ok {4}Node {10}\d.*\n[\s\S]*\n\nEverything is in order\.$/);
  t.match(found(result, 'git identity'), { found: 'Ana <ana@example.com>' });
  t.match(found(result, 'account'), { found: 'signed in as ana' });
  t.match(found(result, 'registry')?.found, new RegExp(`^${server.url} answered in \\d+ ms$`));
  t.match(views.json(result), { success: true, first: null });
  t.equal(views.exitCode?.(result), 0);
});

t.test('a registry that cannot be reached fails, and is what to fix first', async (t) => {
  const { look, server } = await patient(t);
  await server.close();
  const result = await look();
  t.match(found(result, 'registry'), { status: 'fail', found: `Nothing is listening at ${server.url}` });
  t.match(views.human(result), /\nNext: Check the network connection and the address, then try again\.$/);
  t.match(views.json(result), { success: false, first: { name: 'registry' } });
  t.equal(views.exitCode?.(result), 1);
});

t.test('a web page in place of the registry fails', async (t) => {
  const { look } = await patient(t, {}, answer(302, 'sign in to the network'));
  t.match(found(await look(), 'registry'), { status: 'fail', found: /answered with status 302/, fix: /guest network/ });
});

t.test('a token that the registry does not know fails, with the command to sign in', async (t) => {
  const { look, server } = await patient(t, { PROGY_TOKEN: 'old' });
  t.match(found(await look(), 'account'), {
    status: 'fail',
    fix: `Sign in with: progy login --registry ${server.url}`,
  });
});

t.test('a newer progy is a warning, with the command that gets it', async (t) => {
  const { look, server } = await patient(t, {}, registry({ newest: '99.0.0' }));
  const result = await look();
  t.match(found(result, 'progy'), { status: 'warn', found: `${version}, and the registry has 99.0.0` });
  t.match(views.human(result), `\nNext: Update it from ${server.url}`);
  t.equal(views.exitCode?.(result), 0, 'a warning is no failure');
});

const MINUTE = 60_000;
/** By how much this machine is ahead. */
const SKEWS: [skew: number, status: string, found: string][] = [
  [0, 'ok', 'agrees with the registry'],
  [-MINUTE, 'ok', 'agrees with the registry'],
  [5 * MINUTE, 'warn', '5 minutes ahead of the registry'],
  [-90 * MINUTE, 'fail', '1 hour behind the registry'],
  [400 * 24 * 60 * MINUTE, 'fail', '400 days ahead of the registry'],
];
for (const [skew, status, text] of SKEWS) {
  t.test(`a clock that is ${skew / MINUTE} minutes ahead is ${status}`, async (t) => {
    t.match(checkClock(skew), { status, found: text });
    t.equal(checkClock(skew).fix === undefined, status === 'ok');
  });
}

t.test('the clock is compared with what the registry says', async (t) => {
  const { look } = await patient(t, {}, registry({ date: new Date(Date.now() - 30 * 24 * 3_600_000) }));
  t.match(found(await look(), 'clock'), { status: 'fail', found: /^(?:29|30) days ahead of the registry$/ });
});

t.test('proxies are listed without their passwords; what is none fails', async (t) => {
  const { look } = await patient(t, { HTTPS_PROXY: 'http://ana:secret@proxy:8080', NO_PROXY: 'localhost' });
  t.match(found(await look(), 'proxy'), {
    status: 'ok',
    found: 'HTTPS_PROXY=http://***@proxy:8080/, NO_PROXY=localhost',
  });
  const wrong = await patient(t, { http_proxy: 'proxy:8080' });
  t.match(found(await wrong.look(), 'proxy'), { status: 'fail', fix: /unset http_proxy/ });
});

t.test('without git and npm there is a warning, with the way to get them', async (t) => {
  const { look } = await patient(t, { PATH: '/nowhere' });
  const result = await look();
  t.match(found(result, 'git'), { status: 'warn', fix: String });
  t.match(found(result, 'npm'), { status: 'warn', fix: String });
  t.equal(found(result, 'git identity'), undefined);
});

t.test('without a name git is a warning', async (t) => {
  const { look, context } = await patient(t);
  await writeFile(join(context.home, '.gitconfig'), '');
  t.match(found(await look(), 'git identity'), { status: 'warn', fix: /^git config --global user\.name/ });
});

t.test('in a course it says which, and how much the student has changed', async (t) => {
  const { context, look } = await patient(t);
  const courses = await serveFaults(serving(await fixtureTarball('rust-mastery')));
  t.teardown(courses.close);
  const { path } = await init({ spec: '@diego/rust-mastery', git: true, registry: courses.url }, context);
  const lookInside = () => run({ registry: courses.url }, { ...context, cwd: join(path, 'content') });
  t.match(found(await lookInside(), 'course'), { status: 'ok', found: '@diego/rust-mastery 1.0.0, as it was started' });
  await writeFile(join(path, 'README.md'), 'mine\n');
  await mkdir(join(path, 'notes'));
  await writeFile(join(path, 'notes/today.md'), 'mine too\n');
  const changed = '@diego/rust-mastery 1.0.0, 2 files changed since it was started';
  t.match(found(await lookInside(), 'course'), { found: changed });
  execFileSync('git', ['-C', path, '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '-am', 'work']);
  t.match(found(await lookInside(), 'course'), { found: changed });
  await writeFile(join(path, 'progy-lock.json'), '{');
  t.match(found(await lookInside(), 'course'), { status: 'fail', fix: /git checkout -- progy-lock\.json/ });
  t.equal(found(await look(), 'course'), undefined, 'outside there is none');
});
