// /api/auth/*: Better-Auth's own routes, and those that are closed.
import t from 'tap';
import { bearer, openRegistry, PASSWORD, type TestRegistry } from '../../harness.ts';
import { exchange, type RawAnswer, requestText } from '../../helpers/raw-http.ts';

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

/** For all following tests: each has its own people. */
const registry = await openRegistry(t);

t.test('what is not in the list of open routes is a JSON 404, with a session too', async (t) => {
  const body = { email: 'clara@example.com', password: PASSWORD, name: 'clara', username: 'clara' };
  const token = (await post(registry, '/sign-up/email', body)).headers.get('set-auth-token') ?? '';
  const closed = [
    ...['/update-user', '/change-email', '/change-password', '/delete-user', '/set-password', '/update-session'],
    ...['/request-password-reset', '/reset-password', '/link-social', '/unlink-account', '/get-access-token'],
    ...['/revoke-session', '/revoke-sessions', '/is-username-available', '/verify-email', '/device/approve'],
    ...['/device/deny', '/device/redeem', '/organization/create', '/organization/update', '/organization/delete'],
    ...['/organization/invite-member', '/organization/remove-member', '/organization/update-member-role'],
    ...['/organization/set-active', '/organization/leave', '/admin/create-user', '/admin/update-user'],
    ...['/admin/impersonate-user', '/admin/remove-user', '/admin/set-user-password', '/no/such/route'],
  ];
  for (const path of closed) {
    const answer = await post(registry, path, { userId: 'x', name: 'x', slug: 'x' }, bearer(token));
    t.match(answer, { status: 404, body: { code: 'NOT_FOUND' } }, path);
  }
  for (const path of ['/device', '/error', '/ok', '/list-sessions', '/list-accounts', '/delete-user/callback']) {
    const answer = await registry.json(`/api/auth${path}?user_code=AAAAAAAA`, { headers: bearer(token) });
    t.match(answer, { status: 404, body: { code: 'NOT_FOUND' } }, path);
  }
});

t.test('what Better-Auth refuses is in our words: a sentence, a code, and its own code beside it', async (t) => {
  const body = { email: 'dora@example.com', password: PASSWORD, name: 'dora', username: 'dora' };
  await post(registry, '/sign-up/email', body);
  const refused: [path: string, body: object, status: number, expected: object][] = [
    ['/sign-in/username', { username: 'dora', password: 'not the password' }, 401, { code: 'UNAUTHORIZED' }],
    ['/sign-up/email', { ...body, username: 'rui' }, 409, { code: 'NAME_TAKEN', error: /already exists/ }],
    ['/sign-up/email', { ...body, email: 'b@example.com' }, 409, { code: 'NAME_TAKEN' }],
    [
      '/sign-up/email',
      { ...body, email: 'b@example.com', username: 'd-ora' },
      409,
      { code: 'NAME_TAKEN', error: /looks too much/ },
    ],
    [
      '/sign-up/email',
      { ...body, email: 'b@example.com', username: 'rui', password: 'short' },
      400,
      { code: 'INVALID_REQUEST', reason: 'PASSWORD_TOO_SHORT' },
    ],
    [
      '/sign-up/email',
      { ...body, email: 'rui@users.progy.invalid', username: 'eva' },
      400,
      { code: 'INVALID_REQUEST' },
    ],
    ['/sign-up/email', {}, 400, { code: 'INVALID_REQUEST' }],
  ];
  for (const [path, body, status, expected] of refused) {
    const answer = await post(registry, path, body);
    t.match(answer, { status, body: { error: String, ...expected } }, JSON.stringify(body));
    t.equal(answer.body.error, answer.body.message);
  }
});

t.test('nobody signs up as an admin, or into somebody else’s place', async (t) => {
  const body = { email: 'elsa@example.com', password: PASSWORD, name: 'elsa', username: 'elsa' };
  for (const more of [{ role: 'admin' }, { banned: false }, { emailVerified: true }, { id: 'chosen' }])
    await post(registry, '/sign-up/email', { ...body, ...more });
  const sql = "SELECT id FROM user WHERE role = 'admin' OR email_verified OR id = 'chosen'";
  t.same((await registry.env.DB.prepare(sql).all()).results, []);
});

t.test('a request with a cookie that comes from another site is refused', async (t) => {
  const body = { email: 'flora@example.com', password: PASSWORD, name: 'flora', username: 'flora' };
  const cookie = (await post(registry, '/sign-up/email', body)).headers.getSetCookie().join('; ');
  const answer = await post(registry, '/sign-out', {}, { Cookie: cookie, Origin: 'https://evil.example' });
  t.match(answer, { status: 403, body: { code: 'FORBIDDEN' } });
});

t.test('an account is in the audit log, whichever way it was made', async (t) => {
  await registry.signUp('diego-greta');
  await post(registry, '/sign-up/email', {
    email: 'greta@example.com',
    password: PASSWORD,
    name: 'greta',
    username: 'greta',
  });
  const sql =
    "SELECT subject, username FROM registry_audit_log WHERE action = 'account create' AND subject LIKE '%greta'";
  t.same((await registry.env.DB.prepare(sql).all()).results, [
    { subject: 'diego-greta', username: 'diego-greta' },
    { subject: 'greta', username: 'greta' },
  ]);
});

t.test('signing up with npm’s legacy login leaves no session behind', async (t) => {
  await registry.signUp('diego-hilda');
  const sql = "SELECT 1 FROM session JOIN user ON user.id = user_id WHERE username = 'diego-hilda'";
  t.same((await registry.env.DB.prepare(sql).all()).results, []);
});

t.test('an account lists its organizations here too, and is told nothing of the others in them', async (t) => {
  const tokens = { diego: await registry.signUp('diego-ines'), marta: await registry.signUp('marta-ines') };
  const body = JSON.stringify({ slug: 'acme' });
  const headers = { 'Content-Type': 'application/json', ...bearer(tokens.diego) };
  t.equal((await registry.json('/registry/orgs', { method: 'POST', headers, body })).status, 201);
  const read = async (path: string, username: string) => {
    const { headers } = await post(registry, '/sign-in/username', { username, password: PASSWORD });
    return registry.json(`/api/auth/organization/${path}`, { headers: bearer(headers.get('set-auth-token') ?? '') });
  };
  t.match((await read('list', 'diego-ines')).body, [{ slug: 'acme' }]);
  t.same((await read('list', 'marta-ines')).body, []);
  for (const path of ['get-full-organization?organizationSlug=acme', 'list-members?organizationSlug=acme'])
    t.match(await read(path, 'diego-ines'), { status: 404, body: { code: 'NOT_FOUND' } });
});

t.test('a body that is JSON but no object is a 400', async (t) => {
  const registry = await openRegistry(t);
  for (const path of ['/sign-up/email', '/sign-in/email', '/sign-in/username', '/sign-out']) {
    for (const body of ['null', '5', '"x"', '[]']) {
      const answer = await registry.json(`/api/auth${path}`, { method: 'POST', headers: HEADERS, body });
      t.match(answer, { status: 400, body: { code: 'INVALID_REQUEST' } }, `${path} ${body}`);
    }
  }
});

t.test('a body whose length nobody announced is no longer than any other', async (t) => {
  const registry = await openRegistry(t);
  const types = ['application/json', 'application/x-www-form-urlencoded'];
  for (const path of ['/api/auth/sign-in/email', '/api/auth/device/code', '/api/auth/device/token', '/login/sign-in'])
    for (const type of types) t.equal((await sendLong(registry, path, type)).status, 413, `${path} ${type}`);
});

/** 128 KB in pieces, from a client that listens even when the registry has hung up on the rest. */
function sendLong(registry: TestRegistry, path: string, type: string): Promise<RawAnswer> {
  const headers = { ...HEADERS, Host: 'localhost', Accept: 'text/html', 'Content-Type': type };
  const lines = Object.entries({ ...headers, 'Transfer-Encoding': 'chunked' }).map((header) => header.join(': '));
  const pieces = `400\r\n${'a'.repeat(1024)}\r\n`.repeat(128);
  return exchange(registry.url, `${requestText(`POST ${path}`, ...lines)}${pieces}0\r\n\r\n`);
}
