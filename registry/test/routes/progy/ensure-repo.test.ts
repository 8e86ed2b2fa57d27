// A student's repository at GitHub: the permission, the repository, the push, and what GitHub may answer instead.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensuredRepoSchema, withdrawnSchema } from '@progy/protocol/wire/accounts/portfolio.ts';
import { ENSURE_REPO_PATH, PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { startGitHost } from '../../../../fixtures/git-host.ts';
import { openRegistry } from '../../harness.ts';
import { allow, GITHUB_APP, GITHUB_LOGIN, GITHUB_TOKEN, standInForGitHubApi } from '../../helpers/github-api.ts';
import { askerOf, tokenWith } from '../../helpers/people.ts';
import { Visitor } from '../../helpers/visitor.ts';

const COURSE = '@diego/rust-mastery';
const NAME = 'progy-rust-mastery-portfolio';
const PROGY = join(import.meta.dirname, '../../../../cli/progy.js');

const registry = await openRegistry(t, GITHUB_APP);
const ask = askerOf(registry);
const host = await startGitHost(t.testdir({}), GITHUB_TOKEN);
t.teardown(() => host.close());
let people = 0;
/** Where what was asked, or what was answered, is not as GitHub describes it. */
const problems: string[] = [];

/** A student with a token of the registry, and a browser in which they are signed in. */
async function student(t: Test) {
  const name = `ana${++people}`;
  const github = standInForGitHubApi(t, host, people);
  const browser = new Visitor(registry);
  await browser.signUp(name);
  const token = await registry.signUp(name);
  const ensure = (wish: object = {}) => ask(token, 'POST', ENSURE_REPO_PATH, { course: COURSE, ...wish });
  t.teardown(() => problems.push(...github.problems));
  return { name, token, github, browser, ensure };
}

async function rows(statement: string): Promise<unknown> {
  return (await registry.env.DB.prepare(statement).all()).results;
}

t.test('without the permission it says where to give it', async (t) => {
  const { ensure } = await student(t);
  t.match(await ensure(), {
    status: 409,
    body: {
      code: 'GITHUB_NOT_LINKED',
      page: 'http://registry.test/portfolio/github',
      next: 'Open http://registry.test/portfolio/github in a browser, then try again: progy portfolio --github',
    },
  });
});

t.test('GitHub is asked for the permission only on that page, and it is kept for an hour, unreadable', async (t) => {
  const { browser, ensure, github, name } = await student(t);
  t.match((await browser.get(PORTFOLIO_PAGE_PATH)).text, /It keeps the permission for an hour at most, encrypted/);
  const there = new URL((await browser.post(PORTFOLIO_PAGE_PATH, {})).location);
  t.equal(there.searchParams.get('scope'), 'read:user user:email repo');
  t.match(await allow(browser), { status: 302, location: '/portfolio/github/done' });
  t.match((await browser.get('/portfolio/github/done')).text, /GitHub is ready/);
  t.notMatch(JSON.stringify(await rows('SELECT * FROM account')), GITHUB_TOKEN);
  t.notMatch(JSON.stringify(await rows('SELECT * FROM verification')), GITHUB_TOKEN);
  const { status, headers, body } = await ensure();
  t.match({ status, cache: headers.get('cache-control') }, { status: 201, cache: 'no-store' });
  t.match(body, {
    name: NAME,
    owner: GITHUB_LOGIN,
    repoUrl: `${host.url}/${GITHUB_LOGIN}/${NAME}.git`,
    htmlUrl: `https://github.com/${GITHUB_LOGIN}/${NAME}`,
    created: true,
    pushToken: GITHUB_TOKEN,
  });
  t.same(ensuredRepoSchema.parse(body), body, 'the document that its readers know');
  t.same(github.repositories.get(`${GITHUB_LOGIN}/${NAME}`), { private: true });
  const log = `SELECT action, "after" FROM registry_audit_log WHERE subject = '${name}' AND action LIKE 'github%'`;
  t.match(JSON.stringify(await rows(log)), /github link.*github repo create.*progy-rust-mastery-portfolio/);
  t.notMatch(JSON.stringify(await rows('SELECT * FROM registry_audit_log')), GITHUB_TOKEN);
});

t.test('an empty private one is used again; a full, a public and a foreign name get a number', async (t) => {
  const { browser, ensure, github } = await student(t);
  await allow(browser);
  const own = (name: string) => `${GITHUB_LOGIN}/${name}`;
  host.create(`${own('work')}.git`);
  github.repositories.set(own('work'), { private: true });
  t.match(await ensure({ name: 'work' }), { status: 200, body: { name: 'work', created: false } });
  github.repositories.set(own('work'), { private: false });
  t.match(await ensure({ name: 'work' }), { status: 201, body: { name: 'work-2', created: true } });
  host.commit(`${own('work-2')}.git`);
  t.match(await ensure({ name: 'work' }), { body: { name: 'work-3' } });
  t.match(await ensure({ repo: 'work-2' }), { status: 200, body: { name: 'work-2', created: false } });
  t.match(await ensure({ repo: 'gone' }), {
    status: 422,
    body: { code: 'GITHUB_REFUSED', error: /no repository gone/ },
  });
  github.intercept = (request) =>
    request === `GET /repos/${own('moved')}` ? { status: 301, body: { message: 'Moved' } } : undefined;
  t.match(await ensure({ name: 'moved' }), { body: { name: 'moved' } }, 'a name that only leads elsewhere is free');
});

t.test('a name that is taken between the question and the order gets a number', async (t) => {
  const { browser, ensure, github } = await student(t);
  await allow(browser);
  let raced = false;
  github.intercept = (request) => {
    if (raced || request !== 'POST /user/repos') return undefined;
    raced = true;
    return {
      status: 422,
      body: { message: 'Repository creation failed.', errors: [{ message: 'name already exists on this account' }] },
    };
  };
  t.match(await ensure({ name: 'raced' }), { status: 201, body: { name: 'raced-2' } });
});

t.test('after ten names it stops', async (t) => {
  const { browser, ensure, github } = await student(t);
  await allow(browser);
  github.intercept = (request) =>
    request === 'POST /user/repos'
      ? { status: 422, body: { message: 'name already exists on this account' } }
      : undefined;
  t.match(await ensure({ name: 'busy' }), {
    status: 422,
    body: { error: /busy, and the same with a number, are taken/ },
  });
  t.equal(github.asked.filter((request) => request.startsWith('POST')).length, 10);
});

const refusals: [title: string, answer: object | 'silence', expected: object][] = [
  [
    'a revoked token',
    { status: 401, body: { message: 'Bad credentials' } },
    {
      status: 409,
      body: { code: 'GITHUB_NOT_LINKED', error: 'GitHub no longer lets this registry in', page: /portfolio/ },
    },
  ],
  [
    'single sign-on',
    { status: 403, body: { message: 'Resource protected' }, headers: { 'x-github-sso': 'required' } },
    { status: 422, body: { code: 'GITHUB_REFUSED', error: /sign in to your organization first/ } },
  ],
  [
    'the limit',
    { status: 403, body: { message: 'API rate limit exceeded' }, headers: { 'x-ratelimit-remaining': '0' } },
    { status: 429, body: { code: 'RATE_LIMITED', retryAfter: 60 } },
  ],
  [
    'too many',
    { status: 429, body: {}, headers: { 'retry-after': '17' } },
    { status: 429, body: { code: 'RATE_LIMITED', retryAfter: 17 } },
  ],
  ['a wait of years', { status: 429, body: {}, headers: { 'retry-after': '1e99' } }, { body: { retryAfter: 3600 } }],
  [
    'anything else',
    { status: 403, body: { message: 'Account suspended\u001b[2J' } },
    { status: 422, body: { code: 'GITHUB_REFUSED', error: 'GitHub refused: Account suspended\\u{1b}[2J' } },
  ],
  [
    'an outage',
    { status: 502, body: { message: 'Bad gateway' } },
    { status: 503, body: { code: 'GITHUB_UNAVAILABLE' } },
  ],
  ['a page', { status: 200, body: 'hello' }, { status: 503, body: { code: 'GITHUB_UNAVAILABLE' } }],
  ['no answer', 'silence', { status: 503, body: { code: 'GITHUB_UNAVAILABLE', error: 'GitHub does not answer' } }],
];
t.test('what GitHub answers instead is a sentence, and nothing of it is in the log', async (t) => {
  for (const [title, given, expected] of refusals) {
    await t.test(title, async (t) => {
      const { browser, ensure, github } = await student(t);
      await allow(browser);
      github.intercept = () => given as ReturnType<typeof github.intercept>;
      t.match(await ensure(), expected);
    });
  }
  t.notMatch(registry.logs().join('\n'), GITHUB_TOKEN);
});

t.test('a permission that does not reach repositories is asked for again', async (t) => {
  const { browser, ensure, github } = await student(t);
  await allow(browser);
  github.tokens.set(GITHUB_TOKEN, { id: people, login: GITHUB_LOGIN, scopes: [] });
  t.match(await ensure(), { status: 409, body: { error: /does not let this registry make repositories/ } });
  t.match(await ensure(), { status: 409, body: { error: /You have not let/ } }, 'and forgotten');
});

t.test('once progy has pushed, the permission is given back', async (t) => {
  const { browser, ensure, github, token } = await student(t);
  await allow(browser);
  const end = () => ask(token, 'DELETE', ENSURE_REPO_PATH);
  const { status, body } = await end();
  t.same([status, withdrawnSchema.parse(body), body], [200, body, { success: true, withdrawn: true }]);
  t.notOk(github.tokens.has(GITHUB_TOKEN));
  t.match(await ensure(), { status: 409 });
  t.match(await end(), { status: 200, body: { success: true, withdrawn: false } });
});

t.test('a permission that nobody used is given back by the sweep', async (t) => {
  const { browser, ensure, github } = await student(t);
  await allow(browser);
  await registry.scheduled(new Date(Date.now() + 59 * 60_000));
  t.match(await ensure(), { status: 201 });
  await registry.scheduled(new Date(Date.now() + 61 * 60_000));
  t.notOk(github.tokens.has(GITHUB_TOKEN));
  t.match(await ensure(), { status: 409 });
  t.same(await rows('SELECT identifier FROM verification'), []);
});

t.test('what GitHub does not take back at once is no longer used, and given back by a later sweep', async (t) => {
  const { browser, ensure, github, token } = await student(t);
  await allow(browser);
  github.intercept = () => ({ status: 502, body: { message: 'Bad gateway' } });
  t.match(await ask(token, 'DELETE', ENSURE_REPO_PATH), { status: 200, body: { withdrawn: true } });
  t.match(await ensure(), { status: 409 });
  await registry.scheduled(new Date(Date.now() + 3_600_000));
  t.ok(github.tokens.has(GITHUB_TOKEN));
  github.intercept = () => undefined;
  await registry.scheduled(new Date(Date.now() + 2 * 3_600_000));
  t.notOk(github.tokens.has(GITHUB_TOKEN));
  t.same(await rows('SELECT identifier FROM verification'), []);
});

t.test('after a day without GitHub a permission is forgotten', async (t) => {
  const { browser, github } = await student(t);
  await allow(browser);
  github.intercept = () => ({ status: 502, body: { message: 'Bad gateway' } });
  await registry.scheduled(new Date(Date.now() + 24 * 3_600_000));
  t.match(await rows('SELECT identifier FROM verification'), [{ identifier: /^github-grant:/ }]);
  await registry.scheduled(new Date(Date.now() + 26 * 3_600_000));
  t.same(await rows('SELECT identifier FROM verification'), []);
});

t.test('tokens with limits, other accounts and bodies that make no sense get nothing', async (t) => {
  const { browser, name, token } = await student(t);
  await allow(browser);
  for (const change of ['readonly = 1', `courses = '["${COURSE}"]'`]) {
    const limited = await tokenWith(registry, name, change);
    t.match(await ask(limited, 'POST', ENSURE_REPO_PATH, { course: COURSE }), { status: 403 }, change);
  }
  t.match(await ask(undefined, 'POST', ENSURE_REPO_PATH, { course: COURSE }), { status: 401 });
  const other = await registry.signUp(`${name}x`);
  t.match(await ask(other, 'POST', ENSURE_REPO_PATH, { course: COURSE }), { status: 409 });
  for (const body of [
    {},
    { course: 'rust' },
    { course: COURSE, name: '../x' },
    { course: COURSE, repo: 'a b' },
    { course: COURSE, name: 'x.git' },
  ])
    t.match(await ask(token, 'POST', ENSURE_REPO_PATH, body), { status: 400, body: { code: 'INVALID_REQUEST' } });
});

t.test('an account has at most twenty made in a day', async (t) => {
  const { browser, ensure, name } = await student(t);
  await allow(browser);
  const row = "INSERT INTO registry_audit_log (at, action, subject) VALUES (?, 'github repo create', ?)";
  const now = Math.floor(Date.now() / 1000);
  const insert = (at: number) => registry.env.DB.prepare(row).bind(at, name);
  await registry.env.DB.batch(Array.from({ length: 19 }, () => insert(now)));
  await registry.env.DB.batch(Array.from({ length: 9 }, () => insert(now - 25 * 3_600)));
  t.match(await ensure(), { status: 201 });
  t.match(await ensure(), { status: 429, body: { code: 'RATE_LIMITED', error: /20 repositories made in a day/ } });
});

t.test('a registry without GitHub says so', async (t) => {
  const without = await openRegistry(t);
  const token = await without.signUp('ana');
  const answer = await askerOf(without)(token, 'POST', ENSURE_REPO_PATH, { course: COURSE });
  t.match(answer, { status: 404, body: { code: 'NOT_FOUND', error: 'This registry offers no GitHub' } });
  t.match(await new Visitor(without).get(PORTFOLIO_PAGE_PATH), { status: 404, text: /offers no GitHub/ });
});

t.test('progy portfolio --github, from the terminal to the commit at GitHub', async (t) => {
  const { browser, github, token } = await student(t);
  const home = t.testdir({ course: {} });
  const course = join(home, 'course');
  const lock = {
    lockfileVersion: 1,
    name: COURSE,
    version: '1.0.0',
    resolved: 'x',
    integrity: 'sha512-A',
    registry: `${registry.url}/`,
  };
  writeFileSync(join(course, 'progy-lock.json'), JSON.stringify(lock));
  writeFileSync(join(home, '.npmrc'), `//${new URL(registry.url).host}/:_authToken=${token}\n`);
  mkdirSync(join(home, 'tmp'));
  const git = (...args: string[]) => execFileSync('git', ['-C', course, ...args], { encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '--quiet', '-m', 'Start');
  const env = { PATH: process.env.PATH, HOME: home, CI: '1' };
  const progy = (...args: string[]) => promisify(execFile)(process.execPath, [PROGY, ...args], { cwd: course, env });
  await t.rejects(progy('portfolio', '--github'), {
    code: 1,
    stderr: /\(GITHUB_NOT_LINKED\)\nNext: Open http:\/\/registry\.test\/portfolio\/github/,
  });
  await allow(browser);
  const { stdout } = await progy('portfolio', '--github', '--name', 'from-the-terminal', '--json');
  const path = `${GITHUB_LOGIN}/from-the-terminal`;
  t.match(JSON.parse(stdout), { success: true, way: 'github', created: true, page: `https://github.com/${path}` });
  t.same(host.branches(`${path}.git`), { main: git('rev-parse', 'HEAD') });
  t.notOk(github.tokens.has(GITHUB_TOKEN), 'and the permission is given back');
  for (const text of [stdout, readFileSync(join(course, '.git/config'), 'utf8'), registry.logs().join('\n')])
    t.notMatch(text, GITHUB_TOKEN);
});

t.test('all of it was as GitHub describes its API', async (t) => {
  t.same(problems, []);
});
