// What admins do to accounts: roles and bans, each in the audit log.
import {
  type AccountChoice,
  type Ban,
  moderatedSchema,
  type RoleChange,
} from '@progy/protocol/wire/accounts/moderation.ts';
import t from 'tap';
import { bearer, openRegistry, PASSWORD } from '../../harness.ts';
import { makeAdmin } from '../../helpers/people.ts';
import { Visitor } from '../../helpers/visitor.ts';

const registry = await openRegistry(t);
const tokens = { diego: await registry.signUp('diego'), boss: await registry.signUp('boss') };
await makeAdmin(registry, 'boss');
const HEADERS = { 'Content-Type': 'application/json', Origin: 'http://registry.test' };

/** A session of a Better-Auth client. */
async function sessionOf(username: string): Promise<string> {
  const body = JSON.stringify({ username, password: PASSWORD });
  const answer = await registry.json('/api/auth/sign-in/username', { method: 'POST', headers: HEADERS, body });
  return answer.headers.get('set-auth-token') ?? '';
}
const boss = await sessionOf('boss');

const post = (path: string, body: object, token = boss) =>
  registry.json(`/api/auth/admin/${path}`, {
    method: 'POST',
    headers: { ...HEADERS, ...bearer(token) },
    body: JSON.stringify(body),
  });
const statusOf = async (token: string) => (await registry.json('/-/whoami', { headers: bearer(token) })).status;
const log = async () =>
  (
    await registry.env.DB.prepare(
      "SELECT username, subject, before, after FROM registry_audit_log WHERE action = 'account change' ORDER BY id",
    ).all()
  ).results.map(({ before, after, ...row }) => ({
    ...row,
    before: JSON.parse(String(before)),
    after: JSON.parse(String(after)),
  }));

t.test('a ban ends tokens, sessions and sign-ins at once; taking it back opens the tokens again', async (t) => {
  const visitor = new Visitor(registry);
  await visitor.post('/login/sign-in', { login: 'diego', password: PASSWORD });
  t.equal((await post('ban-user', { username: 'diego', banReason: 'spam' })).status, 200);
  t.equal(await statusOf(tokens.diego), 401);
  t.match((await visitor.get('/login')).text, /Username or email/);
  const again = await visitor.post('/login/sign-in', { login: 'diego', password: PASSWORD });
  t.match(again, { status: 403, text: /This account is banned/ });
  t.equal((await post('unban-user', { username: 'diego' })).status, 200);
  t.equal(await statusOf(tokens.diego), 200);
  const rows = await log();
  t.match(rows, [
    { username: null, subject: 'boss', after: { role: 'admin' } },
    { username: 'boss', subject: 'diego', before: { banned: false }, after: { banned: true, banReason: 'spam' } },
    { username: 'boss', subject: 'diego', before: { banned: true, banReason: 'spam' }, after: { banned: false } },
  ]);
  t.equal(rows.length, 3, 'each change once: one row of an operator, two of an admin');
});

t.test('a ban may end by itself', async (t) => {
  await post('ban-user', { username: 'diego', banExpiresIn: 3600 });
  t.equal(await statusOf(tokens.diego), 401);
  await registry.env.DB.prepare('UPDATE user SET ban_expires = unixepoch() - 1').run();
  t.equal(await statusOf(tokens.diego), 200);
  await post('unban-user', { username: 'diego' });
});

t.test('a role is given and taken', async (t) => {
  const { users } = (await registry.json('/api/auth/admin/list-users', { headers: bearer(boss) })).body;
  const { id } = (users as { id: string; username: string }[]).find(({ username }) => username === 'diego') ?? {};
  const roleOf = () => registry.env.DB.prepare("SELECT role FROM user WHERE username = 'diego'").first('role');
  t.equal((await post('set-role', { userId: id, role: 'admin' })).status, 200);
  t.equal(await roleOf(), 'admin');
  t.equal((await post('set-role', { userId: id, role: 'user' })).status, 200);
  t.equal(await roleOf(), 'user');
  t.match((await log()).slice(-2), [
    { username: 'boss', after: { role: 'admin' } },
    { username: 'boss', before: { role: 'admin' }, after: { role: 'user' } },
  ]);
});

t.test('nobody else changes or lists accounts, and a token does not do it for an admin', async (t) => {
  const before = (await log()).length;
  const diego = await sessionOf('diego');
  for (const [path, body] of [
    ['set-role', { username: 'diego', role: 'admin' }],
    ['ban-user', { username: 'boss' }],
    ['unban-user', { username: 'boss' }],
  ] as const) {
    t.match(await post(path, body, diego), { status: 403, body: { code: 'FORBIDDEN', error: /Only an admin/ } }, path);
    t.match(
      await post(path, body, tokens.boss),
      { status: 403, body: { error: /needs a session, not a token/ } },
      path,
    );
    t.match(await post(path, body, 'made-up'), { status: 401, body: { code: 'UNAUTHORIZED' } }, path);
  }
  const listed = await registry.json('/api/auth/admin/list-users', { headers: bearer(diego) });
  t.match(listed, { status: 403, body: { code: 'FORBIDDEN' } });
  t.equal((await log()).length, before);
});

t.test('a cookie does not do either: no page of another site can send for an admin', async (t) => {
  const visitor = new Visitor(registry);
  await visitor.post('/login/sign-in', { login: 'boss', password: PASSWORD });
  const answer = await registry.json('/api/auth/admin/ban-user', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: visitor.cookies },
    body: '{"username":"diego"}',
  });
  t.equal(answer.status, 401);
});

t.test('an admin cannot do it to themselves, so one is always left', async (t) => {
  t.match(await post('set-role', { username: 'boss', role: 'user' }), {
    status: 403,
    body: { error: /Another admin/ },
  });
  t.match(await post('ban-user', { username: 'boss' }), { status: 403 });
});

t.test('what names no account, or no role, is refused', async (t) => {
  t.match(await post('ban-user', {}), { status: 400, body: { error: /userId or username/ } });
  t.match(await post('ban-user', { username: 'nobody' }), { status: 404, body: { code: 'NOT_FOUND' } });
  t.match(await post('set-role', { username: 'diego', role: 'owner' }), { status: 400, body: { path: 'role' } });
  t.match(await post('ban-user', { username: 'diego', banExpiresIn: -1 }), {
    status: 400,
    body: { path: 'banExpiresIn' },
  });
});

t.test('a change is answered with the document that its askers know', async (t) => {
  await registry.signUp('rui');
  const who: AccountChoice = { username: 'rui' };
  const ban: Ban = { banReason: 'spam', banExpiresIn: 60 };
  const change: RoleChange = { role: 'admin' };
  for (const [path, body] of [
    ['ban-user', { ...who, ...ban }],
    ['unban-user', who],
    ['set-role', { ...who, ...change }],
  ] as const) {
    const answer = await post(path, body);
    t.equal(answer.status, 200, path);
    t.same(moderatedSchema.parse(answer.body), answer.body, path);
  }
});
