// Who maintains a course: what `npm owner` and `pnpm owner` read and write.
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';
import { askerOf, createOrganization, signUpAll, succeed } from '../../../helpers/people.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta, rui } = await signUpAll(registry, 'diego', 'marta', 'rui', 'ana');
const publish = async (token: string, name: string, version = '1.0.0', isPrivate = false) =>
  registry.publish(token, await packCourse(name, version, { course: { private: isPrivate } }));

const escaped = (name: string) => `/${name.replace('/', '%2f')}`;
/** The full packument, as npm reads it before it writes. */
const read = async (name: string, token = diego) =>
  (await succeed(ask(token, 'GET', `${escaped(name)}?write=true`))).body as {
    _id: string;
    _rev: string;
    maintainers: { name: string; email: string }[];
  };
const namesOf = async (name: string, token = diego) =>
  (await read(name, token)).maintainers.map(({ name: username }) => username);
/** Sends what npm makes of the packument it read. */
async function write(name: string, names: string[], token = diego, rev?: string) {
  const { _id, _rev } = await read(name);
  const maintainers = names.map((username) => ({ name: username, email: `${username}@example.com` }));
  const path = `${escaped(name)}/-rev/${encodeURIComponent(rev ?? _rev)}`;
  return ask(token, 'PUT', path, { _id, _rev: rev ?? _rev, maintainers });
}
const pnpmAdd = (name: string, user: string, token = diego) =>
  ask(token, 'PUT', `/-/package${escaped(name)}/owners`, { user });
const pnpmRemove = (name: string, user: string, token = diego) =>
  ask(token, 'DELETE', `/-/package${escaped(name)}/owners/${user}`);

t.test('an account is told by name, with a no-reply address', async (t) => {
  const user = (name: string) => ask(undefined, 'GET', `/-/user/org.couchdb.user:${name}`);
  t.match(await user('marta'), {
    status: 200,
    body: { _id: 'org.couchdb.user:marta', name: 'marta', email: 'marta@users.progy.invalid' },
  });
  t.match(await user('nobody-here'), { status: 404, body: { code: 'NOT_FOUND', error: /no account nobody-here/ } });
  t.match(await user('%1b[31m'), { status: 404, body: { error: 'There is no account \\u{1b}[31m' } });
});

t.test('somebody is added, may publish, and is removed', async (t) => {
  await succeed(publish(diego, '@diego/rust'));
  t.equal((await publish(marta, '@diego/rust', '1.1.0')).status, 403);
  t.match(await write('@diego/rust', ['diego', 'marta']), { status: 200, body: { ok: true } });
  t.same(await namesOf('@diego/rust'), ['diego', 'marta']);
  t.equal((await publish(marta, '@diego/rust', '1.1.0')).status, 201);
  t.equal((await write('@diego/rust', ['diego'])).status, 200);
  t.same(await namesOf('@diego/rust'), ['diego']);
  t.equal((await publish(marta, '@diego/rust', '1.2.0')).status, 403);
  const { results } = await registry.env.DB.prepare(
    "SELECT action, username, before, after FROM registry_audit_log WHERE action LIKE 'owner%' ORDER BY id",
  ).all();
  t.same(results, [
    { action: 'owner add', username: 'diego', before: null, after: '{"user":"marta"}' },
    { action: 'owner rm', username: 'diego', before: '{"user":"marta"}', after: null },
  ]);
});

t.test('documents name the new maintainer at once, in every version', async (t) => {
  const held = (await registry.fetch('/@diego%2frust')).headers.get('etag') ?? '';
  await succeed(write('@diego/rust', ['diego', 'ana']));
  const answer = await registry.json('/@diego%2frust', { headers: { 'If-None-Match': held } });
  const maintainers = ['diego', 'ana'].map((name) => ({ name, email: `${name}@users.progy.invalid` }));
  t.match(answer, { status: 200, body: { maintainers, versions: { '1.0.0': { maintainers } } } });
  await succeed(write('@diego/rust', ['diego']));
});

t.test('`_rev` is a lock: what was decided on an old packument is 409, unless it is done already', async (t) => {
  const { _rev } = await read('@diego/rust');
  await succeed(write('@diego/rust', ['diego', 'marta'], diego, _rev));
  t.match(await write('@diego/rust', ['diego', 'ana'], diego, _rev), {
    status: 409,
    body: { code: 'REVISION_CONFLICT', error: /Run the command again/ },
  });
  t.same(await namesOf('@diego/rust'), ['diego', 'marta']);
  t.equal(
    (await write('@diego/rust', ['diego', 'marta'], diego, _rev)).status,
    200,
    'npm repeats a PUT whose answer was lost',
  );
  await succeed(write('@diego/rust', ['diego']));
});

t.test('of many who change the same packument at once, one wins', async (t) => {
  const { _id, _rev } = await read('@diego/rust');
  const add = async (name: string) => ({
    name,
    ...(await ask(diego, 'PUT', `/@diego%2frust/-rev/${_rev}`, {
      _id,
      _rev,
      maintainers: [{ name: 'diego' }, { name }],
    })),
  });
  const answers = await Promise.all(['marta', 'ana', 'rui', 'marta', 'ana', 'rui'].map(add));
  const winners = new Set(answers.filter(({ status }) => status === 200).map(({ name }) => name));
  t.equal(winners.size, 1, 'the same change twice is no conflict, another one is');
  for (const { name, status } of answers) if (!winners.has(name)) t.equal(status, 409, name);
  t.same(await namesOf('@diego/rust'), ['diego', ...winners]);
  await succeed(write('@diego/rust', ['diego']));
});

t.test('pnpm adds and removes one at a time, in any order, at once', async (t) => {
  const added = await Promise.all(['marta', 'ana', 'rui'].map((name) => pnpmAdd('@diego/rust', name)));
  t.same(
    added.map(({ status }) => status),
    [200, 200, 200],
  );
  t.same(await namesOf('@diego/rust'), ['diego', 'ana', 'marta', 'rui']);
  t.equal((await pnpmAdd('@diego/rust', 'ana')).status, 200, 'again is fine');
  await Promise.all(['marta', 'rui'].map((name) => pnpmRemove('@diego/rust', name)));
  t.same(await namesOf('@diego/rust'), ['diego', 'ana']);
  t.equal((await pnpmRemove('@diego/rust', 'rui')).status, 200, 'again is fine');
  await succeed(pnpmRemove('@diego/rust', 'ana'));
});

t.test('who owns the scope cannot be removed, and an organization’s owners maintain its courses', async (t) => {
  await createOrganization(ask, diego, 'school', { ana: 'owner', rui: 'publisher' });
  await succeed(publish(rui, '@school/go'));
  t.same(await namesOf('@school/go'), ['ana', 'diego']);
  for (const [name, answer] of [
    ['diego', await write('@diego/rust', ['marta'])],
    ['ana', await write('@school/go', ['diego'])],
    ['diego', await pnpmRemove('@diego/rust', 'diego')],
  ] as const)
    t.match(answer, { status: 403, body: { code: 'FORBIDDEN', error: new RegExp(`^${name} owns the scope @`) } });
  t.same(await namesOf('@diego/rust'), ['diego'], 'nothing is half-done: marta was not added');
});

t.test('a reader who becomes a maintainer and is removed may no longer read', async (t) => {
  await succeed(publish(diego, '@diego/secret', '1.0.0', true));
  await succeed(ask(diego, 'PUT', '/registry/access/diego/secret/marta', { permission: 'read' }));
  await succeed(pnpmAdd('@diego/secret', 'marta'));
  t.equal((await publish(marta, '@diego/secret', '1.1.0', true)).status, 201);
  t.match(await ask(diego, 'DELETE', '/registry/access/diego/secret/marta'), {
    status: 403,
    body: { error: /npm owner rm marta @diego\/secret/ },
  });
  await succeed(pnpmRemove('@diego/secret', 'marta'));
  t.equal((await registry.fetch('/@diego%2fsecret', { headers: bearer(marta) })).status, 404);
});

t.test('maintainers do not decide who maintains; the rest is refused and changes nothing', async (t) => {
  await succeed(pnpmAdd('@diego/rust', 'marta'));
  for (const [answer, status, code] of [
    [write('@diego/rust', ['diego', 'marta', 'ana'], marta), 403, 'FORBIDDEN'],
    [pnpmRemove('@diego/rust', 'marta', marta), 403, 'FORBIDDEN'],
    [pnpmAdd('@diego/rust', 'ana', rui), 403, 'FORBIDDEN'],
    [pnpmAdd('@diego/secret', 'ana', rui), 404, 'PACKAGE_NOT_FOUND'],
    [pnpmAdd('@diego/none', 'ana'), 404, 'PACKAGE_NOT_FOUND'],
    [pnpmAdd('@diego/rust', 'nobody-here'), 404, 'NOT_FOUND'],
    [write('@diego/rust', ['diego', 'marta', 'nobody-here', 'ana']), 404, 'NOT_FOUND'],
    [write('@diego/rust', []), 403, 'FORBIDDEN'],
    [ask(diego, 'PUT', '/@diego%2frust/-rev/1-x', { maintainers: ['ana'] }), 400, 'INVALID_REQUEST'],
    [ask(diego, 'PUT', '/-/package/@diego%2frust/owners', { name: 'ana' }), 400, 'INVALID_REQUEST'],
    [ask(undefined, 'PUT', '/-/package/@diego%2frust/owners', { user: 'ana' }), 401, 'UNAUTHORIZED'],
  ] as const)
    t.match(await answer, { status, body: { code } });
  t.same(await namesOf('@diego/rust'), ['diego', 'marta']);
});
