// Device authorization by RFC 8628: codes, polling, and a registry token at the end.
import t from 'tap';
import { type Answer, bearer, openRegistry } from '../../harness.ts';
import { Visitor } from '../../helpers/visitor.ts';

const registry = await openRegistry(t);
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const run = (sql: string) => registry.env.DB.prepare(sql).run();

const diego = new Visitor(registry);
await diego.signUp('diego');

/** Sends a form, as OAuth has it. */
function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  return registry.json(`/api/auth/device/${path}`, { method: 'POST', body: new URLSearchParams(form), headers });
}

async function begin(): Promise<{ device: string; user: string }> {
  const { body } = await post('code', { client_id: 'progy', host: 'laptop' });
  return { device: String(body.device_code), user: String(body.user_code) };
}

/** Asks for the token as patiently as the interval wants. */
async function poll(device: string, more: Record<string, string> = {}): Promise<Answer> {
  await run('UPDATE device_code SET last_polled_at = NULL');
  return post('token', { grant_type: GRANT, device_code: device, client_id: 'progy', ...more });
}

t.test('a code tells a program what to show, and how often to ask', async (t) => {
  const { status, headers, body } = await post('code', { client_id: 'progy' });
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'no-store');
  t.match(body, {
    device_code: /^[A-Za-z0-9]{40}$/,
    user_code: /^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/,
    verification_uri: 'http://registry.test/login',
    expires_in: 900,
    interval: 2,
  });
  t.equal(body.verification_uri_complete, `http://registry.test/login?code=${body.user_code}`);
});

t.test('both requests may be JSON too', async (t) => {
  const json = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  const code = await registry.json('/api/auth/device/code', { ...json, body: '{"client_id":"progy"}' });
  t.equal(code.status, 200);
  const body = JSON.stringify({ grant_type: GRANT, device_code: code.body.device_code, client_id: 'progy' });
  t.match(await registry.json('/api/auth/device/token', { ...json, body }), {
    status: 400,
    body: { error: 'authorization_pending' },
  });
});

t.test('once approved the token is told, it is one of the registry’s, and it is told once', async (t) => {
  const { device, user } = await begin();
  t.match(await poll(device), {
    status: 400,
    body: { error: 'authorization_pending', error_description: /is waiting for approval/, code: 'INVALID_REQUEST' },
  });
  t.match(await diego.decide(user, 'approved'), { status: 303, location: '/login/approved' });
  const { status, headers, body } = await poll(device);
  t.match({ status, body }, { status: 200, body: { access_token: /^progy_[0-9a-f]{60}$/, token_type: 'Bearer' } });
  t.equal(headers.get('cache-control'), 'no-store');
  const token = bearer(String(body.access_token));
  t.match((await registry.json('/-/whoami', { headers: token })).body, { username: 'diego' });
  const { objects } = (await registry.json('/-/npm/v1/tokens', { headers: token })).body;
  t.match((objects as object[])[0], { name: 'progy login on laptop', readonly: false, current: true });
  t.match(await poll(device), { status: 400, body: { error: 'invalid_grant' } });
});

t.test('of programs that ask at the same time one gets the token', async (t) => {
  const { device, user } = await begin();
  await diego.decide(user, 'approved');
  const ask = () => post('token', { grant_type: GRANT, device_code: device, client_id: 'progy' });
  const answers = await Promise.all(Array.from({ length: 6 }, ask));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
});

t.test('a sign-in leaves no session behind but that of the browser', async (t) => {
  const { device, user } = await begin();
  await diego.decide(user, 'approved');
  t.equal((await poll(device)).status, 200);
  const { results } = await registry.env.DB.prepare('SELECT id FROM session').all();
  t.equal(results.length, 1);
});

t.test('asking too often is slow_down, approved or not', async (t) => {
  const { device, user } = await begin();
  t.match((await poll(device)).body, { error: 'authorization_pending' });
  await run('UPDATE device_code SET polling_interval = 3600000');
  const again = { grant_type: GRANT, device_code: device, client_id: 'progy' };
  t.match(await post('token', again), { status: 400, body: { error: 'slow_down' } });
  await diego.decide(user, 'approved');
  t.match((await post('token', again)).body, { error: 'slow_down' });
  t.equal((await poll(device)).status, 200);
});

t.test('a denied sign-in is access_denied, then gone', async (t) => {
  const { device, user } = await begin();
  t.match(await diego.decide(user, 'denied'), { status: 303, location: '/login/denied' });
  t.match(await poll(device), { status: 400, body: { error: 'access_denied', error_description: /denied/ } });
  t.match((await poll(device)).body, { error: 'invalid_grant' });
});

t.test('a sign-in that nobody approved in time is expired_token, and cannot be approved any more', async (t) => {
  const { device, user } = await begin();
  await run('UPDATE device_code SET expires_at = unixepoch() - 1');
  t.match(await diego.decide(user, 'approved'), { status: 404, text: /has been used or has expired/ });
  t.match(await poll(device), { status: 400, body: { error: 'expired_token', error_description: /in time/ } });
});

t.test('what was decided stays decided', async (t) => {
  const { device, user } = await begin();
  await diego.decide(user, 'denied');
  t.match(await diego.decide(user, 'approved'), { status: 404, text: /has been used or has expired/ });
  t.match((await poll(device)).body, { error: 'access_denied' });
});

t.test('an account that was banned meanwhile gets no token', async (t) => {
  const visitor = new Visitor(registry);
  await visitor.signUp('marta');
  const { device, user } = await begin();
  await visitor.decide(user, 'approved');
  await run("UPDATE user SET banned = 1 WHERE username = 'marta'");
  t.match(await poll(device), { status: 400, body: { error: 'access_denied' } });
  t.match((await visitor.get('/login')).text, /Username or email/, 'nor is it signed in to the page');
});

t.test('a code belongs to the program it was given to', async (t) => {
  const { device, user } = await begin();
  await diego.decide(user, 'approved');
  t.match((await poll(device, { client_id: 'other' })).body, { error: 'invalid_grant' });
  t.equal((await poll(device)).status, 200);
});

const malformed: [what: string, path: string, form: Record<string, string>, error: string][] = [
  ['no client_id', 'code', {}, 'invalid_request'],
  ['a client_id with markup', 'code', { client_id: '<b>' }, 'invalid_request'],
  ['no device_code', 'token', { grant_type: GRANT, client_id: 'progy' }, 'invalid_request'],
  ['another grant', 'token', { grant_type: 'password', device_code: 'x', client_id: 'p' }, 'unsupported_grant_type'],
  ['an unknown device_code', 'token', { grant_type: GRANT, device_code: 'x', client_id: 'progy' }, 'invalid_grant'],
];
for (const [what, path, form, error] of malformed) {
  t.test(`${path}: ${what} is ${error}`, async (t) => {
    t.match(await post(path, form), {
      status: 400,
      body: { error, error_description: String, code: 'INVALID_REQUEST' },
    });
  });
}

t.test('what is too large is not read', async (t) => {
  t.match(await post('code', { client_id: 'progy', host: 'x'.repeat(9_000) }), {
    status: 413,
    body: { code: 'PAYLOAD_TOO_LARGE' },
  });
});

t.test('the sweep forgets sign-ins, sessions and OAuth states whose time is up', async (t) => {
  await begin();
  await run("INSERT INTO verification VALUES ('v', 'state', '{}', unixepoch() - 9, 0, 0)");
  await run('UPDATE device_code SET expires_at = unixepoch() - 1');
  await run('UPDATE session SET expires_at = unixepoch() - 1');
  await begin();
  await registry.scheduled(new Date());
  const count = async (table: string) =>
    (await registry.env.DB.prepare(`SELECT id FROM ${table}`).all()).results.length;
  t.equal(await count('device_code'), 1, 'the new one waits on');
  t.equal(await count('session'), 0);
  t.equal(await count('verification'), 0);
});

t.test('one address cannot begin sign-ins without end', async (t) => {
  // The limiter counts by the minute, and a minute may end in between.
  let answer = await post('code', { client_id: 'progy' });
  for (let begun = 1; begun < 602 && answer.status === 200; begun++)
    answer = await post('code', { client_id: 'progy' });
  t.match(answer, { status: 429, body: { code: 'RATE_LIMITED' } });
  t.equal(answer.headers.get('retry-after'), '60');
});
