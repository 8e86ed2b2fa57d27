import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import * as login from '../../commands/login.ts';
import * as logout from '../../commands/logout.ts';
import * as whoami from '../../commands/whoami.ts';
import { testContext } from '../helpers/context.ts';

// Login, whoami and logout are one story, told to one registry.
const registry = await startRegistry();
t.teardown(() => registry.stop());
const { url } = registry;
const host = url.replace('http:', '');
const PASSWORD = 'a-good-password';

t.test('a name and password become a token in the user’s .npmrc, and other lines stay', async (t) => {
  const context = await testContext(t.testdir({}), { answers: [PASSWORD] });
  const npmrc = join(context.home, '.npmrc');
  await writeFile(npmrc, 'save-exact=true\n; mine\n');
  const result = await login.run({ registry: url, username: 'diego' }, context);
  t.match(result, { username: 'diego', registry: url, npmrc });
  const text = await readFile(npmrc, 'utf8');
  t.match(text, /^save-exact=true\n; mine\n/);
  t.ok(text.includes(`${host}/:_authToken=`));
  t.equal((await stat(npmrc)).mode & 0o777, 0o600);
  t.match(login.views.human(result), `Signed in to ${url} as diego`);
  t.notMatch(JSON.stringify(login.views.json(result)), 'progy_', 'the token is never printed');
});

t.test('the token then says who one is, until it is revoked', async (t) => {
  const context = await testContext(t.testdir({}), { stdin: `${PASSWORD}\n` });
  await login.run({ registry: url, username: 'diego', passwordStdin: true }, context);
  const npmrc = await readFile(join(context.home, '.npmrc'), 'utf8');
  const token = npmrc.slice(npmrc.indexOf('=') + 1).trim();
  t.match(await whoami.run({ registry: url }, context), { username: 'diego', registry: url });

  t.match(await logout.run({ registry: url }, context), { token: 'revoked' });
  t.equal(await readFile(join(context.home, '.npmrc'), 'utf8'), '');
  t.match(await logout.run({ registry: url }, context), { token: 'none' });
  await t.rejects(whoami.run({ registry: url }, context), {
    code: 'UNAUTHORIZED',
    message: `You are not signed in to ${url}`,
  });

  const withToken = { ...context, env: { ...context.env, PROGY_TOKEN: token } };
  await t.rejects(whoami.run({ registry: url }, withToken), { code: 'UNAUTHORIZED' }, 'the registry forgot it too');
});

t.test('a token that the registry has forgotten is removed all the same', async (t) => {
  const context = await testContext(t.testdir({}));
  await writeFile(join(context.home, '.npmrc'), `a=1\n${host}/:_authToken=long-gone\nb=2\n`);
  const result = await logout.run({ registry: url }, context);
  t.match(result, { token: 'unknown' });
  t.match(logout.views.human(result), /The token was no longer valid/);
  t.equal(await readFile(join(context.home, '.npmrc'), 'utf8'), 'a=1\nb=2\n');
});

t.test('a token can be kept as it is; a wrong one is not kept', async (t) => {
  const first = await testContext(t.testdir({}), { stdin: PASSWORD });
  await login.run({ registry: url, username: 'diego', passwordStdin: true }, first);
  const npmrc = join(first.home, '.npmrc');
  const text = await readFile(npmrc, 'utf8');
  const token = text.slice(text.indexOf('=') + 1).trim();
  await writeFile(npmrc, '');
  t.match(await login.run({ registry: url, token }, first), { username: 'diego' });
  t.equal(await readFile(npmrc, 'utf8'), text);

  await writeFile(npmrc, '');
  await t.rejects(login.run({ registry: url, token: 'not-a-token' }, first), { code: 'UNAUTHORIZED' });
  await t.rejects(login.run({ registry: url, token: 'two words' }, first), { code: 'USAGE' });
  t.equal(await readFile(npmrc, 'utf8'), '');
});

t.test('a wrong password is told, and an older token does not stand in the way of a new sign-in', async (t) => {
  const context = await testContext(t.testdir({}), { answers: ['wrong-password', PASSWORD] });
  await writeFile(join(context.home, '.npmrc'), `${host}/:_authToken=long-gone\n`);
  const withPassword = { registry: url, username: 'diego' };
  await t.rejects(login.run(withPassword, context), { code: 'UNAUTHORIZED' });
  t.match(await login.run(withPassword, context), { username: 'diego' });
});

t.test('PROGY_REGISTRY and PROGY_TOKEN override, and login says so', async (t) => {
  const context = await testContext(t.testdir({}), {
    answers: [PASSWORD],
    env: { PROGY_REGISTRY: url, PROGY_TOKEN: 'from-ci' },
  });
  t.match(await login.run({ username: 'diego' }, context), { username: 'diego', registry: url });
  t.match(context.talk.warnings, [/PROGY_TOKEN is set/]);
  await t.rejects(whoami.run({}, context), { code: 'UNAUTHORIZED' });
});

t.test('without a terminal a password is not asked for', async (t) => {
  const context = await testContext(t.testdir({}));
  await t.rejects(login.run({ registry: url, username: 'diego' }, context), { code: 'NO_TERMINAL' });
  await t.rejects(login.run({ registry: url, passwordStdin: true }, context), {
    code: 'USAGE',
    message: /needs --username/,
  });
});

/** Answers the page as somebody who signs in there. */
async function approve(page: string, decision: 'approved' | 'denied'): Promise<void> {
  const code = new URL(page).searchParams.get('code') ?? '';
  const post = async (path: string, form: Record<string, string>, cookie = '') => {
    const headers = { Accept: 'text/html', Origin: url, Cookie: cookie };
    const body = new URLSearchParams(form);
    return fetch(url + path, { method: 'POST', headers, body, redirect: 'manual' });
  };
  const signedIn = await post('/login/sign-in', { login: 'diego', password: PASSWORD });
  const [cookie = ''] = signedIn.headers.getSetCookie();
  await post('/login/decision', { code, decision }, cookie.split(';')[0]);
}

/** The address that a sign-in told to open, as soon as it did. */
async function toldPage({ talk }: Awaited<ReturnType<typeof testContext>>): Promise<string> {
  for (;;) {
    const page = /page {2}(\S+)/.exec(talk.told.join())?.[1];
    if (page !== undefined) return page;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

t.test('by default a person approves it in a browser, wherever that is', async (t) => {
  const context = await testContext(t.testdir({}));
  const running = login.run({ registry: url }, context);
  const page = await toldPage(context);
  t.match(page, /^http:\/\/localhost:\d+\/login\?code=\w{4}-\w{4}$/);
  t.match(context.talk.told, [new RegExp(`code {2}${page.slice(-9)}`)]);
  await approve(page, 'approved');
  t.match(await running, { username: 'diego' });
  t.match(await whoami.run({ registry: url }, context), { username: 'diego' });
});

t.test('a denied sign-in says so, what to run again, and leaves the .npmrc alone', async (t) => {
  const context = await testContext(t.testdir({}));
  const npmrc = join(context.home, '.npmrc');
  await writeFile(npmrc, 'a=1\n');
  const running = login.run({ registry: url }, context);
  await approve(await toldPage(context), 'denied');
  await t.rejects(running, {
    code: 'NOT_APPROVED',
    message: 'The sign-in was denied in the browser',
    next: `Run it again: progy login --registry ${url}`,
  });
  t.equal(await readFile(npmrc, 'utf8'), 'a=1\n');
});

t.test('Ctrl-C ends the waiting', async (t) => {
  const interruption = new AbortController();
  const context = await testContext(t.testdir({}), { signal: interruption.signal });
  const running = login.run({ registry: url }, context);
  await toldPage(context);
  interruption.abort();
  await t.rejects(running, { name: 'AbortError' });
});

t.test('the browser is opened for whoever looks on, unless --no-browser', async (t) => {
  for (const [browser, notes] of [
    [true, ['Your browser should open by itself.']],
    [false, []],
  ] as const) {
    const interruption = new AbortController();
    const options = { signal: interruption.signal, watched: true, env: { BROWSER: '/no/such/browser' } };
    const context = await testContext(t.testdir({}), options);
    const running = login.run({ registry: url, browser }, context);
    await toldPage(context);
    // What is noted is noted in the same step as the page is told.
    interruption.abort();
    await t.rejects(running, { name: 'AbortError' });
    t.same(context.talk.notes, notes);
  }
});
