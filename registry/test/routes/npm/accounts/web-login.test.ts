// npm's login in a browser: two addresses, as npm requests them.
import t from 'tap';
import { bearer, openRegistry } from '../../../harness.ts';
import { Visitor } from '../../../helpers/visitor.ts';

const registry = await openRegistry(t);
const NPM = { 'User-Agent': 'npm/12.2.0 node/v24.21.0 linux x64 workspaces/false', 'Content-Type': 'application/json' };

const diego = new Visitor(registry);
await diego.signUp('diego');

async function begin(headers: Record<string, string> = NPM, body = '{}'): Promise<{ done: string; code: string }> {
  const answer = await registry.json('/-/v1/login', { method: 'POST', headers, body });
  t.equal(answer.status, 200);
  const [login, done] = [new URL(String(answer.body.loginUrl)), new URL(String(answer.body.doneUrl))];
  t.same([login.origin, done.origin], ['http://registry.test', 'http://registry.test'], 'npm takes full URLs only');
  return { done: done.pathname + done.search, code: login.searchParams.get('code') ?? '' };
}

t.test('npm is told to wait, then the token, once', async (t) => {
  const { done, code } = await begin();
  t.match((await diego.get(`/login?code=${code}`)).text, /Let npm sign in as diego\?.*npm 12\.2\.0 on Linux/);
  for (const _ of [1, 2]) {
    const waiting = await registry.json(done);
    t.match(waiting, { status: 202, body: {} }, 'asking too often is waiting too');
    t.equal(waiting.headers.get('retry-after'), '2');
  }
  await diego.decide(code, 'approved');
  await registry.env.DB.prepare('UPDATE device_code SET last_polled_at = NULL').run();
  const { status, headers, body } = await registry.json(done);
  t.match({ status, body }, { status: 200, body: { token: /^progy_/ } });
  t.equal(headers.get('cache-control'), 'no-store');
  const token = bearer(String(body.token));
  t.match((await registry.json('/-/whoami', { headers: token })).body, { username: 'diego' });
  const { objects } = (await registry.json('/-/npm/v1/tokens', { headers: token })).body;
  t.match((objects as object[])[0], { name: 'npm login' });
  t.match(await registry.json(done), { status: 404, body: { code: 'NOT_FOUND', error: /No such sign-in/ } });
});

t.test('npm adduser is sent to where accounts are made, or to the code if there is one', async (t) => {
  const init = { method: 'POST', headers: NPM, body: '{"create":true}' };
  const { pathname, search } = new URL(String((await registry.json('/-/v1/login', init)).body.loginUrl));
  t.equal(pathname, '/signup');
  t.match((await new Visitor(registry).get(pathname + search)).text, /Create an account/);
  t.match(await diego.get(pathname + search), { status: 303, location: `/login${search}` });
});

t.test('whatever else stands in the body does not matter', async (t) => {
  for (const body of ['', '[]', 'null', '"x"', '{"create":"yes"}', 'no JSON'])
    t.match((await registry.json('/-/v1/login', { method: 'POST', headers: NPM, body })).body, {
      loginUrl: /\/login\?/,
    });
});

t.test('a denied one is 403, with a notice that npm shows', async (t) => {
  const { done, code } = await begin();
  await diego.decide(code, 'denied');
  const answer = await registry.json(done);
  t.match(answer, { status: 403, body: { code: 'FORBIDDEN', error: /denied in the browser/ } });
  t.match(answer.headers.get('npm-notice'), /denied in the browser. Run the command again/);
});

t.test('one that nobody approved in time is 404, with a notice', async (t) => {
  const { done } = await begin();
  await registry.env.DB.prepare('UPDATE device_code SET expires_at = unixepoch() - 1').run();
  const answer = await registry.json(done);
  t.match(answer, { status: 404, body: { code: 'NOT_FOUND', error: /not approved in time/ } });
  t.match(answer.headers.get('npm-notice'), /not approved in time/);
});

t.test('a made-up session is 404, and none at all too', async (t) => {
  for (const path of ['/-/v1/done?session=made-up', '/-/v1/done'])
    t.match(await registry.json(path), { status: 404, body: { code: 'NOT_FOUND' } }, path);
});

t.test('a code of npm’s is not redeemed over RFC 8628, nor the other way round', async (t) => {
  const { done, code } = await begin();
  await diego.decide(code, 'approved');
  const device = new URLSearchParams(done.split('?')[1]).get('session') ?? '';
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const body = new URLSearchParams({ grant_type, device_code: device, client_id: 'progy' });
  t.match(await registry.json('/api/auth/device/token', { method: 'POST', body }), {
    body: { error: 'invalid_grant' },
  });
  t.equal((await registry.json(done)).status, 200);
});

t.test('whatever a client says of itself, the page shows it as text', async (t) => {
  const hostile: [userAgent: string, shown: RegExp][] = [
    ['pnpm/11.28.0 npm/? node/v24.21.0 darwin arm64', /pnpm 11\.28\.0 on macOS/],
    ['yarn/4.18.0', /yarn 4\.18\.0/],
    ['Mozilla/5.0 (X11; Linux x86_64)', /an npm client/],
    ['<script>alert(1)</script>', /an npm client/],
    ['npm/12<script>alert(1)</script> linux', /an npm client/],
    [`npm/${'9'.repeat(500)} linux`, /npm 9{60}(?!9)/],
  ];
  for (const [userAgent, shown] of hostile) {
    const { code } = await begin({ ...NPM, 'User-Agent': userAgent }, '{"create":true}');
    const page = await diego.get(`/login?code=${code}`);
    t.match(page.text, shown, userAgent);
    t.notMatch(page.html, /<script/i);
  }
});
