// The courses that somebody may see, as the condition of a list: the same that `visible` accepts one by one.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { openDatabase } from '../../../database/database.ts';
import { findMaintainers } from '../../../database/people/maintainers.ts';
import { type Reader, readableBy } from '../../../database/rights/rights-on-course.ts';
import { registryPackages } from '../../../database/schema/tables.ts';
import { bearer, openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const db = openDatabase(registry.env.DB);
const run = (sql: string) => registry.env.DB.prepare(sql).run();

const tokens: Record<string, string> = {};
for (const name of ['diego', 'marta', 'ana', 'rui', 'sofia']) tokens[name] = await registry.signUp(name);
const idOf = async (username: string) =>
  String(await registry.env.DB.prepare('SELECT id FROM user WHERE username = ?').bind(username).first('id'));

for (const course of ['open', 'secret', 'other'])
  await registry.publish(
    tokens.diego ?? '',
    await packCourse(`@diego/${course}`, '1.0.0', { course: { private: course !== 'open' } }),
  );
await run("INSERT INTO organization (id, name, slug, created_at) VALUES ('acme', 'acme', 'acme', 0)");
for (const [username, role] of [
  ['marta', 'owner'],
  ['ana', 'publisher'],
  ['rui', 'reader'],
])
  await run(
    `INSERT INTO member (id, organization_id, user_id, role, created_at) SELECT username, 'acme', id, '${role}', 0 FROM user WHERE username = '${username}'`,
  );
for (const course of ['team', 'notes'])
  await registry.publish(
    tokens.marta ?? '',
    await packCourse(`@acme/${course}`, '1.0.0', { course: { private: true } }),
  );
const grant = async (username: string, name: string, permission: string) => {
  await run(
    `INSERT INTO registry_collaborators (package_id, user_id, permission) SELECT p.id, u.id, '${permission}' FROM registry_packages p, user u WHERE p.name = '${name}' AND u.username = '${username}'`,
  );
  await run(`UPDATE registry_packages SET rev = rev + 1 WHERE name = '${name}'`);
};
await grant('sofia', '@diego/secret', 'read');
await grant('rui', '@diego/other', 'write');

const ALL = ['@acme/notes', '@acme/team', '@diego/open', '@diego/other', '@diego/secret'];
const seenBy = async (reader: Reader | undefined) =>
  (await db.select({ name: registryPackages.name }).from(registryPackages).where(readableBy(reader)))
    .map(({ name }) => name)
    .sort();

const table: [username: string | undefined, sees: string[]][] = [
  [undefined, ['@diego/open']],
  ['diego', ['@diego/open', '@diego/other', '@diego/secret']],
  ['marta', ['@acme/notes', '@acme/team', '@diego/open']],
  ['ana', ['@acme/notes', '@acme/team', '@diego/open']],
  ['rui', ['@acme/notes', '@acme/team', '@diego/open', '@diego/other']],
  ['sofia', ['@diego/open', '@diego/secret']],
];
for (const [username, sees] of table) {
  t.test(`${username ?? 'nobody'} sees ${sees.join(', ')}, in lists and one by one`, async (t) => {
    const reader = username === undefined ? undefined : { id: await idOf(username), limits: { courses: null } };
    t.same(await seenBy(reader), sees);
    for (const name of ALL) {
      const headers = username === undefined ? {} : bearer(tokens[username] ?? '');
      const { status } = await registry.fetch(`/${name}`, { headers });
      t.equal(status, sees.includes(name) ? 200 : 404, name);
    }
  });
}

t.test('a token that is limited to some courses lists those, and what is public', async (t) => {
  const id = await idOf('rui');
  const limitedTo = (...courses: string[]) => seenBy({ id, limits: { courses } });
  t.same(await limitedTo('@acme'), ['@acme/notes', '@acme/team', '@diego/open']);
  t.same(await limitedTo('@acme/notes', '@diego/other'), ['@acme/notes', '@diego/open', '@diego/other']);
  t.same(await limitedTo('@diego/secret'), ['@diego/open'], 'a limit gives nothing');
});

t.test('maintainers are the holder of the scope or the owners of the organization, then who was added', async (t) => {
  await grant('diego', '@acme/team', 'write');
  const maintainersOf = async (name: string) =>
    (await findMaintainers(db, parsePackageName(name))).map(({ name: username }) => username);
  t.same(await maintainersOf('@acme/team'), ['marta', 'diego']);
  t.same(await maintainersOf('@diego/other'), ['diego', 'rui']);
  t.same(await maintainersOf('@diego/secret'), ['diego'], 'readers are none');
  const { body } = await registry.json('/@acme%2fteam', { headers: bearer(tokens.ana ?? '') });
  const listed = [
    { name: 'marta', email: 'marta@users.progy.invalid' },
    { name: 'diego', email: 'diego@users.progy.invalid' },
  ];
  t.same(body.maintainers, listed);
  t.match(body.versions, { '1.0.0': { maintainers: listed } });
});
