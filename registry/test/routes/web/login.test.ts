// The pages /login and /signup over HTTP: what they show to whom, and what their forms do.
import t from 'tap';
import { openRegistry, PASSWORD } from '../../harness.ts';
import { beginAt, Visitor } from '../../helpers/visitor.ts';

const registry = await openRegistry(t);
const diego = new Visitor(registry);
await diego.signUp('diego');
const begin = (host?: string) => beginAt(registry, host);

t.test('a stranger is asked to sign in, and told which program waits but not from where', async (t) => {
  const code = await begin('ada-laptop');
  const { status, text } = await new Visitor(registry).get(`/login?code=${code}`);
  t.equal(status, 200);
  t.match(text, /Sign in .*progy 0\.1\.0 on Linux is waiting for you/);
  t.notMatch(text, /ada-laptop|127\.0\.0\.1/);
});

t.test('whoever is signed in sees what asks, from where, the code, and who they are', async (t) => {
  const code = await begin('ada-laptop');
  const { status, text } = await diego.get(`/login?code=${code}`);
  t.equal(status, 200);
  for (const part of ['Let progy sign in as diego?', code, 'ada-laptop', '127.0.0.1', 'Signed in as diego'])
    t.ok(text.includes(part), part);
});

t.test('a code may be typed as people type', async (t) => {
  const code = await begin();
  for (const typed of [code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', ' ')} `])
    t.match((await diego.get(`/login?code=${encodeURIComponent(typed)}`)).text, code, typed);
});

t.test('without a code the page asks for it', async (t) => {
  t.match(await diego.get('/login'), { status: 200, text: /Enter the code/ });
});

t.test('a code that does not wait is told to be none, to strangers and others', async (t) => {
  const used = await begin();
  await diego.decide(used, 'denied');
  for (const code of [used, 'AAAA-AAAA', '<b>', 'x'.repeat(300)]) {
    const path = `/login?code=${encodeURIComponent(code)}`;
    t.match(await diego.get(path), { status: 404, text: /has been used or has expired/ }, code);
    t.match((await new Visitor(registry).get(path)).text, /has been used or has expired/, code);
  }
});

t.test('signing up, approving, and signing out again', async (t) => {
  const code = await begin();
  const visitor = new Visitor(registry);
  const form = { code, username: 'ada', email: '', password: PASSWORD };
  t.match(await visitor.post('/login/sign-up', form), { status: 303, location: `/login?code=${code}` });
  t.match(await visitor.decide(code, 'approved'), { status: 303, location: '/login/approved' });
  t.match((await visitor.get('/login/approved')).text, /Signed in as ada You can close this window/);
  const another = await begin();
  t.match(await visitor.post('/login/sign-out', { code: another }), {
    status: 303,
    location: `/login?code=${another}`,
  });
  t.match((await visitor.get(`/login?code=${another}`)).text, /Username or email/);
});

t.test('the session of who signed out opens nothing any more', async (t) => {
  const visitor = new Visitor(registry);
  await visitor.signUp('sara');
  const { cookies } = visitor;
  t.match((await visitor.get('/login')).text, /Signed in as sara/);
  await visitor.post('/login/sign-out', {});
  t.match((await visitor.get('/login', { Cookie: cookies })).text, /Username or email/);
});

t.test('signing in with a username or an email address', async (t) => {
  const first = new Visitor(registry);
  await first.post('/login/sign-up', { username: 'ines', email: 'ines@example.com', password: PASSWORD });
  for (const login of ['ines', 'ines@example.com']) {
    const visitor = new Visitor(registry);
    t.match(await visitor.post('/login/sign-in', { login, password: PASSWORD }), { status: 303, location: '/login' });
    t.match((await visitor.get('/login')).text, /Signed in as ines/);
  }
});

const wrong: [path: string, form: Record<string, string>, status: number, sentence: RegExp][] = [
  ['sign-in', { login: 'diego', password: 'not the password' }, 401, /Wrong username or password/],
  ['sign-in', { login: 'nobody', password: 'not the password' }, 401, /Wrong username or password/],
  ['sign-in', { login: 'no@example.com', password: 'not the password' }, 401, /Wrong username or password/],
  ['sign-in', { login: '', password: '' }, 401, /Wrong username or password/],
  ['sign-up', { username: 'diego', password: PASSWORD }, 409, /The name diego is taken/],
  ['sign-up', { username: 'd1ego', password: PASSWORD }, 409, /looks too much like diego/],
  ['sign-up', { username: 'npm', password: PASSWORD }, 400, /The name npm is reserved/],
  ['sign-up', { username: 'Ada B', password: PASSWORD }, 400, /use lower-case letters/],
  ['sign-up', { username: 'short', password: 'seven77' }, 400, /too short: it needs at least 8 characters/],
  ['sign-up', { username: 'long', password: 'x'.repeat(129) }, 400, /too long: it may have at most 128/],
  ['sign-up', { username: 'posta', email: 'no address', password: PASSWORD }, 400, /Invalid email/],
  ['sign-up', { username: 'posta', email: 'ines@example.com', password: PASSWORD }, 409, /already exists/],
  [
    'sign-up',
    { username: 'posta', email: 'other@users.progy.invalid', password: PASSWORD },
    400,
    /email address is reserved/,
  ],
];
for (const [path, form, status, sentence] of wrong) {
  t.test(`${path} with ${Object.values(form).join(', ').slice(0, 60)}: the form says what is wrong`, async (t) => {
    const code = await begin();
    const page = await new Visitor(registry).post(`/login/${path}`, { code, ...form });
    t.match(page, { status, text: sentence });
    t.match(page.html, `name="code" value="${code}"`, 'the sign-in is not lost');
    const typed = form.login || form.username;
    if (typed) t.match(page.html, `value="${typed}"`, 'what was typed stays');
    if (form.password) t.notOk(page.html.includes(form.password), 'but not the password');
  });
}

t.test('guessing a password is 429 before long, in the page', async (t) => {
  await registry.signUp('guessed');
  // The limiter counts by the minute, and a minute may end in between.
  let page = await new Visitor(registry).post('/login/sign-in', { login: 'guessed', password: 'guess' });
  for (let guess = 1; guess < 41 && page.status === 401; guess++)
    page = await new Visitor(registry).post('/login/sign-in', { login: 'guessed', password: `guess ${guess}` });
  t.match(page, { status: 429, text: /wait a minute/ });
});

t.test('an error is a page for people', async (t) => {
  t.match(await diego.post('/login/decision', { code: 'x' }), { status: 400, text: /neither approved nor denied/ });
  t.match(await diego.post('/login/sign-in', { login: 'x'.repeat(9_000) }), { status: 413, text: /too large/i });
  t.match(await diego.post('/login/sign-in', { login: 'x'.repeat(400) }), { status: 400, text: /cannot be read/ });
});

t.test('a failure of the registry is a page with a number to tell, and nothing else', async (t) => {
  const broken = await openRegistry(t);
  await broken.env.DB.prepare('DROP TABLE device_code').run();
  const { status, text } = await new Visitor(broken).get('/login?code=AAAA-AAAA');
  t.equal(status, 500);
  t.match(text, /The registry failed.*Request [0-9a-f-]{36}/);
  t.notMatch(text, /device_code|D1/);
});

t.test('an account that is made in a browser is in the audit log', async (t) => {
  const sql = "SELECT action, username FROM registry_audit_log WHERE subject = 'diego' AND action LIKE 'account%'";
  t.same((await registry.env.DB.prepare(sql).all()).results, [{ action: 'account create', username: 'diego' }]);
});
