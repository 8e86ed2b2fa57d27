// What keeps the login pages from being used against the person in front of them.
import t from 'tap';
import { openRegistry, PASSWORD } from '../harness.ts';
import { beginAt, Visitor } from '../helpers/visitor.ts';

const registry = await openRegistry(t);
const diego = new Visitor(registry);
await diego.signUp('diego');
const begin = (host?: string) => beginAt(registry, host);

const statusOf = (code: string) =>
  registry.env.DB.prepare('SELECT status FROM device_code WHERE user_code = ?')
    .bind(code.replace('-', ''))
    .first('status');

t.test('a form that does not come from a page of ours changes nothing', async (t) => {
  const code = await begin();
  for (const origin of ['https://evil.example', 'null', 'http://registry.test.evil.example']) {
    for (const path of ['decision', 'sign-in', 'sign-up', 'sign-out', 'username', 'github']) {
      const form = { code, decision: 'approved', login: 'diego', username: 'mallory', password: PASSWORD };
      const page = await diego.post(`/login/${path}`, form, { Origin: origin });
      t.match(page, { status: 403, text: /not sent from a page of http:\/\/registry\.test/ }, `${path} from ${origin}`);
      t.same(page.headers.getSetCookie(), []);
    }
  }
  t.equal(await statusOf(code), 'pending');
  t.match((await diego.get('/login')).text, /Signed in as diego/);
});

t.test('a form without an Origin is no browser’s', async (t) => {
  const code = await begin();
  const body = new URLSearchParams({ code, decision: 'approved' });
  const headers = { Accept: 'text/html', Cookie: diego.cookies };
  t.equal((await registry.fetch('/login/decision', { method: 'POST', body, headers })).status, 403);
  t.equal(await statusOf(code), 'pending');
});

t.test('whoever is not signed in decides nothing', async (t) => {
  const code = await begin();
  t.match(await new Visitor(registry).decide(code, 'approved'), { status: 303, location: `/login?code=${code}` });
  t.equal(await statusOf(code), 'pending');
});

t.test('looking at the page decides nothing', async (t) => {
  const code = await begin();
  await diego.get(`/login?code=${code}&decision=approved`);
  await diego.get('/login/approved');
  t.equal(await statusOf(code), 'pending');
});

t.test('no form leads to another site', async (t) => {
  for (const code of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '\r\nLocation: https://evil.example',
  ]) {
    for (const [path, form] of [
      ['sign-in', { login: 'diego', password: PASSWORD }],
      ['sign-out', {}],
      ['decision', { decision: 'approved' }],
    ] as const) {
      const { location } = await new Visitor(registry).post(`/login/${path}`, { code, ...form });
      t.match(location, /^\/login\?code=[^/\s]*$/, `${path} with ${JSON.stringify(code)}`);
    }
  }
});

t.test('nothing that a program says of itself becomes markup', async (t) => {
  const code = await begin('"><img src=x onerror=alert(1)>\u202e');
  const { html, text } = await diego.get(`/login?code=${code}`);
  t.notMatch(html, '<img');
  t.notMatch(html, '\u202e');
  t.match(text, /&quot;&gt;&lt;img/);
});

t.test('a browser may not frame a page, run a script in it, or keep it', async (t) => {
  const stranger = new Visitor(registry);
  for (const [path, who] of [
    ['/login', stranger],
    ['/signup', stranger],
    ['/login/approved', diego],
    [`/login?code=${await begin()}`, diego],
  ] as const) {
    const { headers, html } = await who.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"])
      t.ok(policy.split('; ').includes(rule), rule);
    t.match(policy, /style-src 'sha256-[A-Za-z0-9+/]{43}='/);
    t.notMatch(policy, /script-src|unsafe/);
    t.notMatch(html, /<script|javascript:| on\w+=| style=/i);
    t.equal(headers.get('x-frame-options'), 'DENY');
    t.equal(headers.get('x-content-type-options'), 'nosniff');
    t.equal(headers.get('cache-control'), 'no-store');
    t.equal(headers.get('referrer-policy'), 'same-origin', 'under no-referrer a form would hide its origin');
  }
});

t.test('the cookie of a session is for this site’s requests only, and for no script', async (t) => {
  const { headers } = await diego.post('/login/sign-in', { login: 'diego', password: PASSWORD });
  t.match(headers.getSetCookie(), [/^progy\.session_token=.*; HttpOnly; SameSite=Lax$/]);
  const secure = new Visitor(await openRegistry(t, { PUBLIC_ORIGIN: 'https://registry.test' }));
  const form = { username: 'ada', password: PASSWORD };
  const signedUp = await secure.post('/login/sign-up', form, { Origin: 'https://registry.test' });
  t.match(signedUp.headers.getSetCookie(), [/^__Secure-progy\.session_token=.*; Secure/]);
});

t.test('the cookie opens pages only, never what a token opens', async (t) => {
  t.equal((await registry.json('/-/whoami', { headers: { Cookie: diego.cookies } })).status, 401);
});

t.test('npm, which looks for packages at the same addresses, never meets HTML', async (t) => {
  for (const accept of ['application/json', 'application/vnd.npm.install-v1+json; q=1.0, */*', '*/*', '']) {
    for (const path of ['/login', '/signup', '/login/approved']) {
      const answer = await registry.json(path, { headers: { Accept: accept } });
      t.match(answer, { status: 404, body: { code: 'NOT_FOUND' } }, `${path} for "${accept}"`);
    }
  }
});
