// `progy portfolio`: where the work goes, what stays secret, and what a failed push leaves.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startGitHost } from '../../../fixtures/git-host.ts';
import { run, views } from '../../commands/portfolio.ts';
import { explainError } from '../../explain-error.ts';
import type { PortfolioOptions } from '../../usage/portfolio.ts';
import { testContext } from '../helpers/context.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';
import { recordGit } from '../helpers/recorded-git.ts';
import { commit, git, startStudentCourse } from '../helpers/student-course.ts';

const SECRET = 'gho_secret0123456789';
const NAME = 'progy-rust-mastery-portfolio';

/** A student in a course, a host for repositories, and a registry that answers what it is given. */
async function student(t: Test, ...answers: Parameters<typeof serveFaults>) {
  const folder = t.testdir({ host: {}, work: {} });
  const host = await startGitHost(join(folder, 'host'), SECRET);
  const registry = await serveFaults(...answers);
  t.teardown(() => Promise.all([host.close(), registry.close()]));
  const recorded = await recordGit(join(folder, 'bin'));
  const context = await testContext(folder, { env: { PATH: recorded.PATH } });
  const head = await startStudentCourse(context.cwd, `${registry.url}/`);
  const npmrc = `//${new URL(registry.url).host}/:_authToken=progy_token\n`;
  await writeFile(join(context.home, '.npmrc'), npmrc);
  const portfolio = (options: PortfolioOptions = {}) => run(options, context);
  const failing = (options: PortfolioOptions = {}) => portfolio(options).then(() => undefined, explainError);
  return { context, host, registry, recorded, head, portfolio, failing };
}

/** What the registry answers for a repository. */
function ensured(repoUrl: string, fields: object = {}) {
  const htmlUrl = 'https://github.com/ana/portfolio';
  const expiresAt = '2026-11-24T12:00:00.000Z';
  return answer(200, {
    name: NAME,
    owner: 'ana',
    repoUrl,
    htmlUrl,
    created: true,
    pushToken: SECRET,
    expiresAt,
    ...fields,
  });
}

t.test('any other host: origin is set, main is pushed, and later it needs no address', async (t) => {
  const { context, host, head, portfolio } = await student(t);
  host.create('ana/rust.git');
  const bare = join(t.testdirName, 'host/ana/rust.git');
  t.match(await portfolio({ remote: '../host/ana/rust.git' }), { way: 'remote', url: bare, commit: head });
  t.equal(git(context.cwd, 'remote', 'get-url', 'origin'), bare);
  t.equal(git(context.cwd, 'rev-parse', '--abbrev-ref', 'main@{upstream}'), 'origin/main');
  await writeFile(join(context.cwd, 'main.rs'), 'fn main() {}\n');
  const next = commit(context.cwd, 'Solve it');
  await writeFile(join(context.cwd, 'notes.md'), 'unfinished\n');
  const kept = await portfolio();
  t.match(kept, { way: 'origin', commit: next, uncommitted: 1 });
  t.same(host.branches('ana/rust.git'), { main: next });
  t.match(views.human(kept), /1 file changed after your last commit, so not there yet/);
  t.match(views.json(kept), { way: 'origin', page: null, branch: 'main', commit: next });
});

t.test('through the registry: a token pushes, and is nowhere afterwards', async (t) => {
  const answers: ReturnType<typeof answer>[] = [];
  const { context, host, registry, recorded, head, portfolio } = await student(t, (request, response) => {
    (answers[request.method === 'POST' ? 0 : 1] as ReturnType<typeof answer>)(request, response);
  });
  answers.push(ensured(host.create('ana/portfolio.git')), answer(200, { success: true, withdrawn: true }));
  await writeFile(join(context.home, '.gitconfig'), `[credential]\n\thelper = store\n`);
  const kept = await portfolio({ github: true });
  t.match(kept, { way: 'github', created: true, commit: head, page: 'https://github.com/ana/portfolio' });
  t.same(host.branches('ana/portfolio.git'), { main: head });
  t.ok(host.credentials.includes(`x-access-token:${SECRET}`));
  t.match(registry.requests, [
    { method: 'POST', url: '/git/ensure-repo', authorization: 'Bearer progy_token' },
    { method: 'DELETE', url: '/git/ensure-repo', authorization: 'Bearer progy_token' },
  ]);
  t.ok(recorded.calls().some((call) => call.includes(' push ')));
  const traces = {
    arguments: recorded.calls().join('\n'),
    config: await readFile(join(context.cwd, '.git/config'), 'utf8'),
    json: JSON.stringify(views.json(kept)),
    human: views.human(kept),
    talk: JSON.stringify(context.talk),
    stored: await readFile(join(context.home, '.git-credentials'), 'utf8').catch(() => ''),
  };
  for (const [where, text] of Object.entries(traces)) t.notMatch(text, SECRET, where);
  t.match(traces.config, /url = http:\/\/127/);
});

t.test('a push that fails keeps everything, says how to finish, and a second run finishes', async (t) => {
  const { context, host, registry, head, portfolio, failing } = await student(t, (request, response) => {
    ensured(`${host.url}/ana/portfolio.git`)(request, response);
  });
  const url = host.create('ana/portfolio.git');
  host.fail(500);
  const explained = await failing({ github: true });
  t.match(explained, { code: 'PUSH_FAILED', error: /did not work: .*500/ });
  t.match(explained?.next, /Nothing is lost\. To finish: progy portfolio --github/);
  t.equal(git(context.cwd, 'rev-parse', 'HEAD'), head);
  t.equal(git(context.cwd, 'status', '--porcelain'), '');
  t.equal(git(context.cwd, 'remote', 'get-url', 'origin'), url);
  host.fail(0);
  t.match(await portfolio({ github: true }), { url, commit: head });
  t.same(host.branches('ana/portfolio.git'), { main: head });
  t.equal(registry.requests.length, 4, 'each time the token is withdrawn');
});

t.test('a host that asks for a password gets none, and nothing waits', async (t) => {
  const { host, failing } = await student(t);
  const explained = await failing({ remote: host.create('ana/rust.git') });
  t.match(explained, { code: 'PUSH_FAILED', next: /git push --set-upstream origin main/ });
});

t.test('work that is not here is never overwritten', async (t) => {
  const { context, host, portfolio, failing } = await student(t);
  host.create('ana/rust.git');
  await portfolio({ remote: '../host/ana/rust.git' });
  git(context.cwd, '-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--amend', '-m', 'Other');
  t.match(await failing(), { code: 'PUSH_FAILED', error: /it has commits that are not here/ });
});

t.test('addresses that would run a program or store a password are refused', async (t) => {
  const { context, failing } = await student(t);
  for (const remote of ['', '--upload-pack=x', 'ext::sh -c id', 'a\nb']) {
    t.match(await failing({ remote }), { code: 'REMOTE_INVALID' }, remote);
  }
  for (const remote of ['https://ana:pw@git.test/a', 'https://ghp_abc@github.com/a/b', 'https://x-access-token@h/a']) {
    const explained = await failing({ remote });
    t.match(explained, { code: 'REMOTE_INVALID', error: /password or token/ });
    t.notMatch(JSON.stringify(explained), /pw@|ghp_abc/);
  }
  t.notMatch(await readFile(join(context.cwd, '.git/config'), 'utf8'), 'remote');
});

t.test('another remote, two ways at once, and no way where nobody can answer', async (t) => {
  const { context, failing } = await student(t);
  t.match(await failing(), { code: 'USAGE', error: /--github, --gh or --remote/ });
  t.match(await failing({ gh: true, remote: 'x' }), { code: 'USAGE', error: /exclude each other/ });
  t.match(await failing({ github: true, name: 'a b' }), { code: 'USAGE', error: /not a name for a repository/ });
  git(context.cwd, 'remote', 'add', 'origin', 'https://git.test/there.git');
  t.match(await failing({ remote: 'https://git.test/other.git' }), { code: 'REMOTE_EXISTS', error: /there\.git/ });
});

t.test('a course inside another repository does not push that one', async (t) => {
  const { context } = await student(t);
  const inner = join(context.cwd, 'inner');
  await startStudentCourse(inner);
  await rm(join(inner, '.git'), { recursive: true });
  const there = { ...context, cwd: inner };
  t.match(await run({ remote: 'https://git.test/x' }, there).catch(explainError), { code: 'NO_REPOSITORY' });
});

t.test('what the registry says is passed on: not linked, not offered, not safe', async (t) => {
  const cases: [ReturnType<typeof answer>, object][] = [
    [answer(409, { error: 'not let', code: 'GITHUB_NOT_LINKED' }), { code: 'GITHUB_NOT_LINKED' }],
    [answer(404, { error: 'no such', code: 'NOT_FOUND' }), { code: 'NOT_OFFERED', next: /progy portfolio --gh/ }],
    [ensured('http://evil.example/a.git'), { code: 'UNSAFE_ANSWER' }],
    [ensured('https://u:p@github.com/a.git'), { code: 'UNSAFE_ANSWER' }],
  ];
  for (const [given, expected] of cases) {
    const { failing } = await student(t, given);
    t.match(await failing({ github: true }), expected);
  }
});

t.test('whoever watches is sent to the page, and the repository comes once they have been there', async (t) => {
  const { context, host, head } = await student(t, answer(200, {}));
  const url = host.create('ana/portfolio.git');
  const registry = await serveFaults(
    answer(409, { error: 'not let', code: 'GITHUB_NOT_LINKED' }),
    ensured(url),
    answer(200, { success: true, withdrawn: true }),
  );
  t.teardown(() => registry.close());
  await writeFile(join(context.home, '.npmrc'), `//${new URL(registry.url).host}/:_authToken=progy_token\n`);
  const watched = await testContext(t.testdirName, {
    watched: true,
    env: { PATH: context.env.PATH, BROWSER: 'none', PROGY_REGISTRY: registry.url },
  });
  const lock = await readFile(join(context.cwd, 'progy-lock.json'), 'utf8');
  await writeFile(
    join(context.cwd, 'progy-lock.json'),
    lock.replace(/"registry": ".*"/, `"registry": "${registry.url}/"`),
  );
  t.match(await run({ github: true }, watched), { commit: head, uncommitted: 1 });
  t.match(watched.talk.told, [`${registry.url}/portfolio/github`]);
});
