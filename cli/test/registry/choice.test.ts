import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import {
  chooseRegistry,
  DEFAULT_REGISTRY,
  parseRegistryUrl,
  registryFlag,
  storedToken,
  tokenKey,
} from '../../registry/choice.ts';
import { testContext } from '../helpers/context.ts';

const variable = (name: string) => `\${${name}}`;

t.test('precedence: option, PROGY_REGISTRY, the project’s .npmrc, the user’s, Progy’s own', async (t) => {
  const folder = t.testdir({});
  const context = await testContext(folder);
  const withEnv = { ...context, env: { ...context.env, PROGY_REGISTRY: 'http://env.test' } };
  t.equal((await chooseRegistry(context, undefined, 'diego')).url, DEFAULT_REGISTRY);

  await writeFile(
    join(context.home, '.npmrc'),
    '@diego:registry=http://user.test\n@ana:registry=http://user-ana.test\n',
  );
  t.equal((await chooseRegistry(context, undefined, 'diego')).url, 'http://user.test/');

  await writeFile(join(context.cwd, 'package.json'), '{}');
  await writeFile(join(context.cwd, '.npmrc'), '@diego:registry=http://project.test\n');
  t.equal((await chooseRegistry(context, undefined, 'diego')).url, 'http://project.test/');
  t.equal((await chooseRegistry(context, undefined, 'ana')).url, 'http://user-ana.test/');
  t.equal((await chooseRegistry(context, undefined)).url, DEFAULT_REGISTRY, 'without a scope no mapping counts');

  t.equal((await chooseRegistry(withEnv, undefined, 'diego')).url, 'http://env.test/');
  t.equal((await chooseRegistry(withEnv, 'http://option.test', 'diego')).url, 'http://option.test/');
});

t.test('the token is the one npm would use', async (t) => {
  const context = await testContext(t.testdir({}), { env: { MY_TOKEN: 'from-variable' } });
  await writeFile(
    join(context.home, '.npmrc'),
    `//a.test/:_authToken=for-a\n//b.test/:_authToken=${variable('MY_TOKEN')}\n`,
  );
  t.equal((await chooseRegistry(context, 'http://a.test')).token, 'for-a');
  t.equal((await chooseRegistry(context, 'http://b.test')).token, 'from-variable');
  t.equal((await chooseRegistry(context, 'http://a.test:8080')).token, undefined, 'another port is another registry');
});

t.test('a token for a host serves its paths, a token for a path serves no other path', async (t) => {
  const text = '//host.test/npm/:_authToken=deep\n//other.test/:_authToken=host\n';
  t.equal(storedToken(text, 'https://host.test/npm/', {}), 'deep');
  t.equal(storedToken(text, 'https://host.test/', {}), undefined);
  t.equal(storedToken(text, 'https://other.test/npm/', {}), 'host');
});

t.test('PROGY_TOKEN overrides, but never goes where only a project’s .npmrc points', async (t) => {
  const context = await testContext(t.testdir({}), { env: { PROGY_TOKEN: 'from-ci' } });
  await writeFile(join(context.cwd, '.npmrc'), '@diego:registry=http://stranger.test\n');
  await writeFile(join(context.cwd, 'package.json'), '{}');
  t.equal((await chooseRegistry(context, undefined, 'marta')).token, 'from-ci');
  t.equal((await chooseRegistry(context, 'http://mine.test', 'diego')).token, 'from-ci');
  t.strictSame(context.talk.warnings, []);
  t.equal((await chooseRegistry(context, undefined, 'diego')).token, undefined);
  t.match(context.talk.warnings, [/PROGY_TOKEN is not sent/]);
});

t.test('a project’s .npmrc cannot send variables to its own host', async (t) => {
  const context = await testContext(t.testdir({}), { env: { SECRET: 'hush' } });
  await writeFile(join(context.cwd, 'package.json'), '{}');
  await writeFile(join(context.cwd, '.npmrc'), `@diego:registry=http://stranger.test/${variable('SECRET')}/\n`);
  const { url } = await chooseRegistry(context, undefined, 'diego');
  t.notMatch(url, 'hush');
});

t.test('addresses end with one slash and hold neither password nor query', async (t) => {
  t.equal(parseRegistryUrl('http://localhost:8787'), 'http://localhost:8787/');
  t.equal(parseRegistryUrl(' https://HOST.test/npm//?x=1#y '), 'https://host.test/npm/');
  for (const address of ['', 'localhost:8787', 'ftp://host.test', 'not a url', 'https://ana:pw@host.test']) {
    t.throws(() => parseRegistryUrl(address), { code: 'USAGE' }, address);
  }
});

t.test('an address from a stranger’s .npmrc or lock is no longer than any real one', async (t) => {
  const address = (length: number) => 'https://host.test/'.padEnd(length, 'a');
  t.equal(parseRegistryUrl(address(2_000)).length, 2_001);
  const message = 'The address of a registry is too long: 2,001 characters, of at most 2,000';
  t.throws(() => parseRegistryUrl(address(2_001)), { code: 'USAGE', message });
});

t.test('tokens are keyed as npm keys them', async (t) => {
  t.equal(tokenKey('http://localhost:8787/'), '//localhost:8787/:_authToken');
  t.equal(tokenKey('https://host.test/npm/'), '//host.test/npm/:_authToken');
});

t.test('commands that people are told name the registry only if it is not Progy’s own', async (t) => {
  const base = { url: '', label: 'http://localhost:8787' };
  t.equal(registryFlag({ ...base, isDefault: true }), '');
  t.equal(registryFlag({ ...base, isDefault: false }), ' --registry http://localhost:8787');
});
