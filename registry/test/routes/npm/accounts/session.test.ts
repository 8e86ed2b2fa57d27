// npm's session routes, the audit, and ping.
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { bearer, openRegistry, PASSWORD, signIn } from '../../../harness.ts';

t.test('login creates an account for a new name, then signs it in', async (t) => {
  const registry = await openRegistry(t);
  const first = await signIn(registry.json, 'diego');
  t.match(first, { status: 201, body: { ok: true, id: 'org.couchdb.user:diego', token: /^progy_[0-9a-f]{60}$/ } });
  const second = await signIn(registry.json, 'diego');
  t.equal(second.status, 201);
  t.not(second.body.token, first.body.token, 'each sign-in has a token of its own');
  t.match(await signIn(registry.json, 'diego', 'wrong password'), { status: 401, body: { code: 'UNAUTHORIZED' } });
});

t.test('a token is stored as a hash only', async (t) => {
  const registry = await openRegistry(t);
  const token = await registry.signUp('diego');
  const { results } = await registry.env.DB.prepare('SELECT * FROM registry_tokens').all();
  t.match(results, [{ name: 'login', token_hash: /^[0-9a-f]{64}$/ }]);
  t.notMatch(JSON.stringify(results), token.slice(6));
});

t.test('whoami answers the name, and 401 without a token', async (t) => {
  const registry = await openRegistry(t);
  const token = await registry.signUp('diego');
  t.match(await registry.json('/-/whoami', { headers: bearer(token) }), { status: 200, body: { username: 'diego' } });
  t.match(await registry.json('/-/whoami'), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.equal((await registry.json('/-/whoami', { headers: bearer('progy_nothing') })).status, 401);
  t.equal((await registry.json('/-/whoami', { headers: { Authorization: 'Basic ZGllZ286eA==' } })).status, 401);
});

t.test('logout revokes the token and no other', async (t) => {
  const registry = await openRegistry(t);
  const diego = await registry.signUp('diego');
  const other = String((await signIn(registry.json, 'diego')).body.token);
  const marta = await registry.signUp('marta');
  const revoke = (token: string, by: string) =>
    registry.json(`/-/user/token/${token}`, { method: 'DELETE', headers: bearer(by) });
  t.equal((await revoke(diego, marta)).status, 200);
  t.equal((await registry.json('/-/whoami', { headers: bearer(diego) })).status, 200, 'not hers to revoke');
  t.equal((await revoke(diego, diego)).status, 200);
  t.equal((await registry.json('/-/whoami', { headers: bearer(diego) })).status, 401);
  t.equal((await registry.json('/-/whoami', { headers: bearer(other) })).status, 200);
});

t.test('an expired token is 401', async (t) => {
  const registry = await openRegistry(t);
  const token = await registry.signUp('diego');
  await registry.env.DB.prepare('UPDATE registry_tokens SET expires_at = unixepoch() - 1').run();
  t.match(await registry.json('/-/whoami', { headers: bearer(token) }), {
    status: 401,
    body: { code: 'UNAUTHORIZED' },
  });
});

t.test('a sign-in that makes no sense is 400, and names that cannot be scopes are refused', async (t) => {
  const registry = await openRegistry(t);
  const put = (name: string, body: unknown) =>
    registry.json(`/-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const table: [string, string, unknown][] = [
    ['not JSON of that shape', 'diego', 'x'],
    ['no password', 'diego', { name: 'diego' }],
    ['two names', 'diego', { name: 'marta', password: PASSWORD }],
    ['a short password', 'diego', { name: 'diego', password: 'short' }],
    ['upper case', 'Diego', { name: 'Diego', password: PASSWORD }],
    ['a reserved name', 'progy', { name: 'progy', password: PASSWORD }],
    ['a slash', 'a%2fb', { name: 'a/b', password: PASSWORD }],
  ];
  for (const [title, name, body] of table) {
    const answer = await put(name, body);
    t.match(answer, { status: 400, body: { code: 'INVALID_REQUEST' } }, title);
    t.match(answer.body.error, /./, title);
  }
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM user').first('n'), 0);
});

t.test('an email that is taken is 409 NAME_TAKEN', async (t) => {
  const registry = await openRegistry(t);
  const put = (name: string) =>
    registry.json(`/-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, password: PASSWORD, email: 'one@example.com' }),
    });
  t.equal((await put('diego')).status, 201);
  t.match(await put('marta'), { status: 409, body: { code: 'NAME_TAKEN' } });
});

t.test('with LEGACY_SIGNUP off a new name is 401', async (t) => {
  const registry = await openRegistry(t, { LEGACY_SIGNUP: 'off' });
  t.match(await signIn(registry.json, 'diego'), { status: 401, body: { code: 'UNAUTHORIZED' } });
});

t.test('guessing a password is 429 before long', async (t) => {
  const registry = await openRegistry(t);
  await registry.signUp('diego');
  // The limiter counts by the minute, and a minute may end in between.
  let status = 401;
  for (let guess = 0; guess < 41 && status === 401; guess++) {
    ({ status } = await signIn(registry.json, 'diego', `guess ${guess}`));
  }
  t.equal(status, 429);
});

t.test('a Better-Auth session is as good as a token', async (t) => {
  const registry = await openRegistry(t);
  await registry.signUp('diego');
  const signedIn = await registry.json('/api/auth/sign-in/username', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: 'http://registry.test' },
    body: JSON.stringify({ username: 'diego', password: PASSWORD }),
  });
  const token = signedIn.headers.get('set-auth-token') ?? '';
  t.match(await registry.json('/-/whoami', { headers: bearer(token) }), { status: 200, body: { username: 'diego' } });
});

t.test('ping is an object, the audit an empty one even for a gzipped body', async (t) => {
  const registry = await openRegistry(t);
  const ping = await registry.json('/-/ping');
  t.match(ping, { status: 200, body: {} });
  t.notOk(Number.isNaN(Date.parse(ping.headers.get('date') ?? '')), 'it tells the time');
  const audit = await registry.json('/-/npm/v1/security/advisories/bulk', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    body: gzipSync('{"@diego/rust":["1.0.0"]}'),
  });
  t.equal(audit.status, 200);
  t.same(audit.body, {});
});

t.test('the audits of older clients are answered with a report of nothing', async (t) => {
  const registry = await openRegistry(t);
  for (const path of ['/-/npm/v1/security/audits', '/-/npm/v1/security/audits/quick']) {
    const { status, body } = await registry.json(path, { method: 'POST', body: '{"requires":{}}' });
    t.equal(status, 200);
    const vulnerabilities = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };
    t.match(body, { actions: [], advisories: {}, muted: [], metadata: { vulnerabilities, totalDependencies: 0 } });
  }
});
