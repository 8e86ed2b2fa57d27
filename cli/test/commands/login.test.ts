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
  const context = await testContext(t.testdir({}), { answers: ['diego', PASSWORD] });
  const npmrc = join(context.home, '.npmrc');
  await writeFile(npmrc, 'save-exact=true\n; mine\n');
  const result = await login.run({ registry: url }, context);
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
  t.match(logout.views.human(result), /did not know the token any more/);
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
  const context = await testContext(t.testdir({}), { answers: ['diego', 'wrong-password', 'diego', PASSWORD] });
  await writeFile(join(context.home, '.npmrc'), `${host}/:_authToken=long-gone\n`);
  await t.rejects(login.run({ registry: url }, context), { code: 'UNAUTHORIZED' });
  t.match(await login.run({ registry: url }, context), { username: 'diego' });
});

t.test('PROGY_REGISTRY and PROGY_TOKEN override, and login says so', async (t) => {
  const context = await testContext(t.testdir({}), {
    answers: ['diego', PASSWORD],
    env: { PROGY_REGISTRY: url, PROGY_TOKEN: 'from-ci' },
  });
  t.match(await login.run({}, context), { username: 'diego', registry: url });
  t.match(context.talk.warnings, [/PROGY_TOKEN is set/]);
  await t.rejects(whoami.run({}, context), { code: 'UNAUTHORIZED' });
});

t.test('without a terminal it says what to pass', async (t) => {
  const context = await testContext(t.testdir({}));
  await t.rejects(login.run({ registry: url }, context), { code: 'NO_TERMINAL' });
  await t.rejects(login.run({ registry: url, passwordStdin: true }, context), {
    code: 'USAGE',
    message: /needs --username/,
  });
});
