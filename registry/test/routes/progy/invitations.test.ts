// Inviting people to read a course: a link with places and an end, and many people at once by name or address.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { grantsPath, invitationsPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { openRegistry, packCourse } from '../../harness.ts';
import { askerOf, signUpAll, succeed } from '../../helpers/people.ts';
import { Visitor } from '../../helpers/visitor.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta } = await signUpAll(registry, 'diego', 'marta');

let courses = 0;
/** A private course of diego's. */
async function privateCourse(): Promise<string> {
  const name = `@diego/secret-${++courses}`;
  await succeed(registry.publish(diego, await packCourse(name, '1.0.0', { course: { private: true } })));
  return name;
}

const invite = (name: string, body: unknown = { seats: 2, hours: 24 }, token = diego) =>
  ask(token, 'POST', invitationsPath(parsePackageName(name)), body);
const grantAll = (name: string, people: unknown, token = diego) =>
  ask(token, 'POST', grantsPath(parsePackageName(name)), { permission: 'read', people });
const run = (sql: string, ...values: unknown[]) =>
  registry.env.DB.prepare(sql)
    .bind(...values)
    .run();
const logOf = async (name: string) => {
  const sql = 'SELECT username, action, after FROM registry_audit_log WHERE subject = ? ORDER BY id';
  return (await registry.env.DB.prepare(sql).bind(name).all()).results;
};
const readers = async (name: string) => {
  const route = `/-/package/${name.replace('/', '%2f')}/collaborators`;
  return Object.keys((await ask(diego, 'GET', route)).body)
    .filter((user) => user !== 'diego')
    .sort();
};

/** The path of a link, and the code in it. */
async function linkOf(name: string, body?: unknown): Promise<{ path: string; code: string }> {
  const { url } = (await succeed(invite(name, body))).body as { url: string };
  const { pathname, search, searchParams } = new URL(url);
  return { path: pathname + search, code: searchParams.get('code') ?? '' };
}

async function visitor(username: string): Promise<Visitor> {
  const person = new Visitor(registry);
  await person.signUp(username);
  return person;
}

t.test('a link is made by an owner, and shown once', async (t) => {
  const name = await privateCourse();
  const { status, body } = await invite(name, { seats: 40, hours: 168 });
  t.equal(status, 201);
  t.match(body, { name, url: /^http:\/\/registry\.test\/login\?code=invite-[0-9a-f]{40}$/, seats: 40 });
  t.match(await logOf(name), [
    { action: 'publish' },
    { username: 'diego', action: 'invitation create', after: /"seats":40/ },
  ]);
  const { results } = await registry.env.DB.prepare('SELECT * FROM course_invitation_links').all();
  const secret = String(body.url).split('invite-')[1] ?? '';
  t.notMatch(JSON.stringify(results), secret, 'the database holds a hash of the secret');
  t.notMatch(JSON.stringify(await logOf(name)), secret);
});

t.test('a stranger signs up on the way and then reads the course', async (t) => {
  const name = await privateCourse();
  const { path, code } = await linkOf(name);
  const ana = new Visitor(registry);
  const asked = await ana.get(path);
  t.match(asked, { status: 200, text: /Sign in To accept the invitation to a course\./ });
  t.notMatch(asked.text, name, 'which course it is, only people with an account see');
  t.match(await ana.post('/login/sign-up', { code, username: 'ana', password: 'a long enough password' }), {
    status: 303,
    location: path,
  });
  t.match((await ana.get(path)).text, new RegExp(`Read ${name}\\? diego invites you`));
  t.same(await readers(name), [], 'looking accepts nothing');
  t.match(await ana.post('/login/invitation', { code }), { status: 303, location: path });
  t.match((await ana.get(path)).text, /You can read @diego\/secret-\d+ .* login .* init @diego\/secret-/);
  t.same(await readers(name), ['ana']);
  t.equal((await ask(await registry.signUp('ana'), 'GET', `/${name.replace('/', '%2f')}`)).status, 200);
  t.match((await logOf(name)).at(-1), { username: 'ana', action: 'access grant', after: /"user":"ana".*"invitation"/ });
});

t.test('nobody takes two places, and the last place is the last', async (t) => {
  const name = await privateCourse();
  const { path, code } = await linkOf(name, { seats: 2, hours: 1 });
  const people = await Promise.all(['rui', 'eva', 'tom', 'lia'].map(visitor));
  const [rui] = people;
  await rui?.post('/login/invitation', { code });
  await rui?.post('/login/invitation', { code });
  const answers = await Promise.all(people.slice(1).map((person) => person.post('/login/invitation', { code })));
  t.same(answers.map(({ status }) => status).sort(), [303, 404, 404], 'of three for one place, one gets it');
  t.equal((await readers(name)).length, 2);
  const late = await (await visitor('late')).get(path);
  t.match(late, { status: 404, text: /all its places are taken/ });
  t.match((await rui?.get(path))?.text, /You can read/, 'who is in may look again');
});

t.test('a link ends, and an owner takes all of them back', async (t) => {
  const name = await privateCourse();
  const person = await visitor('pia');
  const { path, code } = await linkOf(name);
  await run('UPDATE course_invitation_links SET expires_at = unixepoch() - 1 WHERE used = 0');
  t.match(await person.get(path), { status: 404, text: /has expired/ });
  t.match(await person.post('/login/invitation', { code }), { status: 404 });
  t.match((await new Visitor(registry).get(path)).text, /has expired/);
  const other = await linkOf(name);
  t.match(await ask(diego, 'DELETE', invitationsPath(parsePackageName(name))), {
    status: 200,
    body: { name, revoked: 1 },
  });
  t.match(await person.post('/login/invitation', { code: other.code }), { status: 404 });
  t.match(await ask(diego, 'DELETE', invitationsPath(parsePackageName(name))), { body: { revoked: 0 } });
  t.same(await readers(name), []);
});

t.test('links are bounded: by course, places and time; ended ones are forgotten', async (t) => {
  const name = await privateCourse();
  for (const body of [
    {},
    { seats: 0, hours: 1 },
    { seats: 501, hours: 1 },
    { seats: 1, hours: 2_161 },
    { seats: 1.5, hours: 1 },
    [],
    'x',
  ])
    t.match(await invite(name, body), { status: 400, body: { code: 'INVALID_REQUEST' } }, JSON.stringify(body));
  for (let link = 0; link < 20; link++) await succeed(invite(name));
  t.match(await invite(name), { status: 429, body: { code: 'RATE_LIMITED', error: /--revoke$/ } });
  await run(
    'UPDATE course_invitation_links SET expires_at = unixepoch() - 1 WHERE package_id = (SELECT id FROM registry_packages WHERE name = ?)',
    name,
  );
  await succeed(invite(name));
  const count =
    'SELECT count(*) AS n FROM course_invitation_links JOIN registry_packages p ON p.id = package_id WHERE p.name = ?';
  t.equal(await registry.env.DB.prepare(count).bind(name).first('n'), 1);
});

t.test('only owners invite, and for others a private course does not exist', async (t) => {
  const name = await privateCourse();
  t.match(await invite(name, undefined, marta), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
  t.match(await grantAll(name, ['marta'], marta), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
  await succeed(grantAll(name, ['marta']));
  t.match(await invite(name, undefined, marta), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await ask(marta, 'DELETE', invitationsPath(parsePackageName(name))), { status: 403 });
  t.match(await grantAll(name, ['marta'], marta), { status: 403 });
});

t.test('codes that are none, and forms from elsewhere, change nothing', async (t) => {
  const name = await privateCourse();
  const { code } = await linkOf(name);
  const person = await visitor('zoe');
  for (const wrong of ['', 'invite-', `invite-${'0'.repeat(40)}`, code.toUpperCase(), `${code}0`])
    t.match((await person.post('/login/invitation', { code: wrong })).status, 404, wrong);
  const evil = { Origin: 'https://evil.example' };
  t.match(await person.post('/login/invitation', { code }, evil), { status: 403 });
  await new Visitor(registry).post('/login/invitation', { code });
  t.same(await readers(name), []);
});

t.test('many people at once, by name and by an address that is theirs', async (t) => {
  const name = await privateCourse();
  await signUpAll(registry, 'bea', 'caio', 'dora');
  await run("UPDATE user SET email = 'caio@school.example', email_verified = 1 WHERE username = 'caio'");
  await run("UPDATE user SET email = 'dora@school.example' WHERE username = 'dora'");
  await succeed(grantAll(name, ['bea']));
  const people = ['bea', 'marta', 'Caio@School.Example', 'dora@school.example', 'nobody', 'caio', ' marta '];
  t.match(await grantAll(name, people), {
    status: 200,
    body: {
      name,
      granted: ['marta', 'Caio@School.Example', 'caio', ' marta '],
      already: ['bea'],
      unknown: ['dora@school.example', 'nobody'],
    },
  });
  t.same(await readers(name), ['bea', 'caio', 'marta']);
  t.match((await logOf(name)).at(-1), {
    action: 'access grant',
    after: '{"users":["marta","caio"],"permission":"read"}',
  });
  for (const wrong of [[], 'marta', [1], Array.from({ length: 201 }, (_, index) => `user${index}`), ['x'.repeat(400)]])
    t.match(await grantAll(name, wrong), { status: 400, body: { code: 'INVALID_REQUEST' } });
});

t.test('who asks for many addresses is slowed down, as each answer says whose they are', async (t) => {
  const name = await privateCourse();
  const ask41 = Array.from({ length: 41 }, (_, index) => grantAll(name, [`a${index}@school.example`]));
  const refused = (await Promise.all(ask41)).filter(({ status }) => status !== 200);
  t.ok(refused.length > 0, 'there are at most 20 a minute');
  for (const answer of refused) t.match(answer, { status: 429, body: { code: 'RATE_LIMITED', retryAfter: 60 } });
  t.match(await grantAll(name, ['marta']), { status: 200 }, 'usernames are no secret');
});
