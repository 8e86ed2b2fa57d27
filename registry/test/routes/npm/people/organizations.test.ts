// /registry/orgs, /-/org and /-/team: organizations, and who is in them in which role.
import { ORGANIZATIONS_PATH } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';
import { askerOf, createOrganization, signUpAll, succeed, tokenWith } from '../../../helpers/people.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta, ana, rui } = await signUpAll(registry, 'diego', 'marta', 'ana', 'rui');
const create = (token: string | undefined, slug: unknown) => ask(token, 'POST', ORGANIZATIONS_PATH, { slug });
const members = async (slug: string, token = diego) => (await ask(token, 'GET', `/-/org/${slug}/user`)).body;
const set = (token: string, slug: string, user: string, role?: string) =>
  ask(token, 'PUT', `/-/org/${slug}/user`, { user, role });
const remove = (token: string, slug: string, user: string) => ask(token, 'DELETE', `/-/org/${slug}/user`, { user });
const logOf = async (subject: string) =>
  (
    await registry.env.DB.prepare(
      'SELECT action, username, before, after FROM registry_audit_log WHERE subject = ? ORDER BY id',
    )
      .bind(subject)
      .all()
  ).results;

t.test('whoever creates an organization owns it, and may publish to its scope', async (t) => {
  t.match(await create(diego, 'school'), { status: 201, body: { slug: 'school', scope: '@school', owner: 'diego' } });
  t.same(await members('school'), { diego: 'owner' });
  t.equal((await registry.publish(diego, await packCourse('@school/rust'))).status, 201);
  t.match(await registry.publish(marta, await packCourse('@school/go')), { status: 403 });
});

t.test('names are those of accounts: one name space, nothing reserved, nothing that looks like another', async (t) => {
  for (const [slug, status, code] of [
    ['diego', 409, 'NAME_TAKEN'],
    ['school', 409, 'NAME_TAKEN'],
    ['d1ego', 409, 'NAME_TAKEN'],
    ['npm', 400, 'INVALID_REQUEST'],
    ['pr0gy', 400, 'INVALID_REQUEST'],
    ['School', 400, 'INVALID_REQUEST'],
    ['../x', 400, 'INVALID_REQUEST'],
    [7, 400, 'INVALID_REQUEST'],
  ] as const)
    t.match(await create(diego, slug), { status, body: { code } }, String(slug));
  t.match(await create(undefined, 'other'), { status: 401, body: { code: 'UNAUTHORIZED' } });
});

t.test('of many who want one name at once, exactly one gets it', async (t) => {
  const answers = await Promise.all([diego, marta, ana, rui, diego, marta].map((token) => create(token, 'race')));
  t.same(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
  const { results } = await registry.env.DB.prepare(
    "SELECT count(*) AS n FROM member m JOIN organization o ON o.id = organization_id WHERE slug = 'race'",
  ).all();
  t.same(results, [{ n: 1 }]);
});

t.test('an owner sets roles by our names, and by the one of npm’s that fits', async (t) => {
  await createOrganization(ask, diego, 'club');
  t.match(await set(diego, 'club', 'marta', 'developer'), {
    status: 200,
    body: { org: { name: 'club', size: 2 }, user: 'marta', role: 'publisher' },
  });
  t.match(await set(diego, 'club', 'ana', 'reader'), { status: 200, body: { org: { size: 3 } } });
  t.match(await set(diego, 'club', 'rui'), { status: 200, body: { role: 'publisher' } });
  t.match(await set(diego, 'club', 'rui', 'owner'), { status: 200, body: { org: { size: 4 }, role: 'owner' } });
  t.same(await members('club'), { ana: 'reader', diego: 'owner', marta: 'publisher', rui: 'owner' });
  t.match(await set(diego, 'club', 'marta', 'admin'), {
    status: 400,
    body: { code: 'INVALID_REQUEST', error: /no role admin.*publisher.*npm org set club <user> developer/ },
  });
  t.match(await set(diego, 'club', 'nobody-here', 'reader'), { status: 404, body: { code: 'NOT_FOUND' } });
});

t.test('only an owner changes members; everybody may leave; one owner stays', async (t) => {
  t.match(await set(marta, 'club', 'marta', 'owner'), { status: 403, body: { error: /you are a publisher/ } });
  t.match(await remove(ana, 'club', 'diego'), { status: 403, body: { error: /you are a reader/ } });
  t.equal((await remove(ana, 'club', 'ana')).status, 200);
  t.equal((await remove(diego, 'club', 'rui')).status, 200);
  t.match(await remove(diego, 'club', 'rui'), { status: 404, body: { error: /not a member/ } });
  for (const answer of [await remove(diego, 'club', 'diego'), await set(diego, 'club', 'diego', 'reader')])
    t.match(answer, {
      status: 403,
      body: { code: 'FORBIDDEN', error: /without an owner.*npm org set club <user> owner/ },
    });
  t.same(await members('club'), { diego: 'owner', marta: 'publisher' });
});

t.test('two owners who take each other out at once: one stays', async (t) => {
  await createOrganization(ask, diego, 'duel', { marta: 'owner' });
  const answers = await Promise.all([remove(diego, 'duel', 'marta'), remove(marta, 'duel', 'diego')]);
  t.ok(answers.some(({ status }) => status === 200));
  const sql =
    "SELECT count(*) AS n FROM member m JOIN organization o ON o.id = organization_id WHERE slug = 'duel' AND role = 'owner'";
  t.equal(await registry.env.DB.prepare(sql).first('n'), 1);
});

t.test('members are shown to members; what is no organization is not found', async (t) => {
  t.match(await ask(ana, 'GET', '/-/org/club/user'), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await ask(undefined, 'GET', '/-/org/club/user'), { status: 401 });
  t.match(await ask(diego, 'GET', '/-/org/marta/user'), { status: 404, body: { error: /progy org create/ } });
  const { headers } = await registry.fetch('/-/org/club/user', { headers: bearer(diego) });
  t.equal(headers.get('cache-control'), 'private, no-store');
});

t.test('roles are npm’s teams: listed, added to, and removed from', async (t) => {
  await createOrganization(ask, diego, 'lab', { marta: 'publisher' });
  const team = (method: string, name: string, user?: string, token = diego) =>
    ask(token, method, `/-/team/lab/${name}/user`, user && { user });
  t.same((await ask(diego, 'GET', '/-/org/lab/team?format=cli')).body, ['lab:owners', 'lab:publishers', 'lab:readers']);
  t.same((await ask(diego, 'GET', '/-/org/lab/team')).body, [
    { name: 'owners' },
    { name: 'publishers' },
    { name: 'readers' },
  ]);
  t.equal((await team('PUT', 'readers', 'ana')).status, 200);
  t.same(await members('lab'), { ana: 'reader', diego: 'owner', marta: 'publisher' });
  t.same((await ask(diego, 'GET', '/-/team/lab/readers/user?format=cli')).body, ['ana']);
  t.same((await team('GET', 'publishers')).body, [{ name: 'marta' }]);
  t.match(await team('DELETE', 'readers', 'marta'), {
    status: 404,
    body: { error: 'marta is not in the role reader of lab' },
  });
  t.equal((await team('DELETE', 'readers', 'ana')).status, 200);
  t.same(await members('lab'), { diego: 'owner', marta: 'publisher' });
  t.match(await team('PUT', 'readers', 'ana', marta), { status: 403 });
  t.match(await team('PUT', 'crew', 'ana'), { status: 404, body: { error: /owners, publishers, readers/ } });
  t.match(await team('PUT', 'constructor', 'ana'), { status: 404 });
});

t.test('what teams cannot be here is refused with the command that works', async (t) => {
  for (const [method, path, body, says] of [
    ['PUT', '/-/org/lab/team', { name: 'crew' }, /npm team add lab:readers/],
    ['DELETE', '/-/team/lab/readers', undefined, /npm team add lab:readers/],
    ['PUT', '/-/team/lab/readers/package', { package: '@lab/x', permissions: 'read-only' }, /progy access grant/],
    ['DELETE', '/-/team/lab/readers/package', { package: '@lab/x' }, /npm owner add/],
  ] as const)
    t.match(await ask(diego, method, path, body), { status: 405, body: { code: 'METHOD_NOT_ALLOWED', error: says } });
  t.match(await ask(diego, 'POST', '/-/team/lab'), { status: 404, body: { code: 'NOT_FOUND' } });
});

t.test('the courses of an organization or account: what there is, and only what the asker may see', async (t) => {
  await createOrganization(ask, diego, 'guild', { marta: 'publisher', ana: 'reader' });
  await registry.publish(marta, await packCourse('@guild/open'));
  await registry.publish(marta, await packCourse('@guild/secret', '1.0.0', { course: { private: true } }));
  await registry.publish(marta, await packCourse('@marta/own', '1.0.0', { course: { private: true } }));
  const courses = async (path: string, token: string) => (await succeed(ask(token, 'GET', path))).body;
  t.same(await courses('/-/org/guild/package', ana), { '@guild/open': 'write', '@guild/secret': 'write' });
  t.same(await courses('/-/org/guild/package', rui), { '@guild/open': 'write' });
  t.same(await courses('/-/team/guild/readers/package', ana), { '@guild/open': 'read', '@guild/secret': 'read' });
  const martas = { '@guild/open': 'write', '@guild/secret': 'write', '@marta/own': 'write' };
  t.same(await courses('/-/user/marta/package', marta), martas);
  t.same(await courses('/-/user/marta/package', rui), { '@guild/open': 'write' });
  t.same(await courses('/-/user/ana/package', ana), { '@guild/open': 'read', '@guild/secret': 'read' });
  t.same(await courses('/-/user/guild/package', rui), { '@guild/open': 'write' }, 'pnpm asks so');
  t.equal((await ask(rui, 'GET', '/-/org/marta/package')).status, 404, 'on which npm asks for the user');
  t.equal((await ask(rui, 'GET', '/-/user/nobody-here/package')).status, 404);
});

t.test('owners are the maintainers of its courses, and no cached copy says otherwise', async (t) => {
  const path = '/@guild%2fopen';
  const before = await registry.fetch(path);
  await succeed(set(diego, 'guild', 'rui', 'owner'));
  const after = await registry.json(path, { headers: { 'If-None-Match': before.headers.get('etag') ?? '' } });
  t.match(after, { status: 200, body: { maintainers: [{ name: 'diego' }, { name: 'rui' }] } });
});

t.test('a token that is read-only or limited to courses changes nothing', async (t) => {
  const limited = await tokenWith(registry, 'diego', "courses = json_array('@guild')");
  const readonly = await tokenWith(registry, 'diego', 'readonly = 1');
  for (const [token, limit] of [
    [limited, 'courses'],
    [readonly, 'readonly'],
  ] as const) {
    t.match(await set(token, 'guild', 'ana', 'owner'), { status: 403, body: { code: 'FORBIDDEN', limit } });
    t.match(await create(token, `new-${limit}`), { status: 403, body: { code: 'FORBIDDEN', limit } });
  }
  t.equal((await ask(readonly, 'GET', '/-/org/guild/user')).status, 200);
});

t.test('what was made to break something is refused, and printed only in part and escaped', async (t) => {
  const controls = '%1b%5b2J';
  const table: [method: string, path: string, body: unknown, status: number][] = [
    ['GET', `/-/org/${controls}/user`, undefined, 404],
    ['PUT', `/-/org/${controls}/user`, { user: 'ana', role: 'admin' }, 404],
    ['PUT', '/-/org/club/user', { user: 'ana', role: '\u001b[2J' }, 400],
    ['PUT', '/-/org/club/user', { user: '\u001b[2J', role: 'reader' }, 404],
    ['PUT', '/-/org/club/user', { user: { name: 'ana' } }, 400],
    ['PUT', '/-/org/club/user', [], 400],
    ['PUT', '/-/org/club/user', { user: 'x'.repeat(2000) }, 413],
    ['DELETE', '/-/org/club/user', undefined, 400],
    ['DELETE', '/-/org/club/user', { user: '%' }, 404],
    ['PUT', `/-/org/${controls}/team`, { name: 'x' }, 404],
    ['DELETE', `/-/team/club/${controls}/user`, { user: 'ana' }, 404],
    ['GET', `/-/user/${controls}/package`, undefined, 404],
    ['GET', `/-/org/${'a'.repeat(3000)}/package`, undefined, 404],
    ['PUT', `/registry/access/diego/rust/${controls}`, { permission: 'read' }, 404],
  ];
  for (const [method, path, body, status] of table) {
    const answer = await ask(diego, method, path, body);
    t.match(answer, { status, body: { code: String, error: String } }, `${method} ${path.slice(0, 50)}`);
    t.notMatch(Object.values(answer.body).join(' '), /[\u0000-\u001f]|a{300}/);
  }
});

t.test('every change is in the audit log', async (t) => {
  t.match(await logOf('@lab'), [
    { action: 'org create', username: 'diego', before: null, after: '{"diego":"owner"}' },
    { action: 'org set', before: null, after: '{"marta":"publisher"}' },
    { action: 'org set', before: null, after: '{"ana":"reader"}' },
    { action: 'org rm', before: '{"ana":"reader"}', after: null },
  ]);
});
