// /api/auth/*: Better-Auth's own routes, and what of them is closed.
import t from 'tap';
import { bearer, openRegistry, PASSWORD, type TestRegistry } from '../harness.ts';

const HEADERS = { 'Content-Type': 'application/json', Origin: 'http://registry.test' };

function post(registry: TestRegistry, path: string, body: object, headers: Record<string, string> = {}) {
  return registry.json(`/api/auth${path}`, {
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify(body),
  });
}

t.test('an account can be made and signed in to with email or username', async (t) => {
  const registry = await openRegistry(t);
  const body = { email: 'ana@example.com', password: PASSWORD, name: 'Ana', username: 'ana' };
  t.equal((await post(registry, '/sign-up/email', body)).status, 200);
  t.equal((await post(registry, '/sign-in/email', body)).status, 200);
  const signedIn = await post(registry, '/sign-in/username', body);
  const token = signedIn.headers.get('set-auth-token') ?? '';
  t.match(await registry.json('/-/whoami', { headers: bearer(token) }), { status: 200, body: { username: 'ana' } });
});

t.test('a name that cannot be a scope, or is reserved, is refused here too', async (t) => {
  const registry = await openRegistry(t);
  for (const username of ['progy', 'npm', 'a/b', '../x', '-x']) {
    const body = { email: 'ana@example.com', password: PASSWORD, name: 'Ana', username };
    const { status } = await post(registry, '/sign-up/email', body);
    t.ok(status >= 400 && status < 500, `${username}: ${status}`);
  }
});

t.test('a username cannot be changed, for it is a scope', async (t) => {
  const registry = await openRegistry(t);
  const body = { email: 'ana@example.com', password: PASSWORD, name: 'Ana', username: 'ana' };
  const token = (await post(registry, '/sign-up/email', body)).headers.get('set-auth-token') ?? '';
  const changed = await post(registry, '/update-user', { username: 'other' }, bearer(token));
  t.equal(changed.status, 404);
  t.match((await registry.json('/-/whoami', { headers: bearer(token) })).body, { username: 'ana' });
});

t.test('guessing a password is 429 before long', async (t) => {
  const registry = await openRegistry(t);
  await registry.signUp('ana');
  // The limiter counts by the minute, and a minute may end in between.
  let status = 401;
  for (let guess = 0; guess < 41 && status === 401; guess++) {
    ({ status } = await post(registry, '/sign-in/username', { username: 'ana', password: `guess ${guess}` }));
  }
  t.equal(status, 429);
});

t.test('no address of a client is kept with a session', async (t) => {
  const registry = await openRegistry(t);
  const body = { email: 'ana@example.com', password: PASSWORD, name: 'Ana', username: 'ana' };
  await post(registry, '/sign-up/email', body, { 'X-Forwarded-For': '203.0.113.7', 'CF-Connecting-IP': '203.0.113.7' });
  const { results } = await registry.env.DB.prepare('SELECT * FROM session').all();
  t.equal(results.length, 1);
  t.notMatch(JSON.stringify(results), /203\.0\.113\.7/);
});
