// D1's own guards against mistakes and races: one namespace, names that never change, a log that only grows.
import t from 'tap';
import { openRegistry } from '../../harness.ts';

const { env, signUp, json } = await openRegistry(t);
const run = (sql: string) => env.DB.prepare(sql).run();
const holders = async () =>
  (await env.DB.prepare('SELECT name, user_id IS NOT NULL AS is_user FROM registry_scopes ORDER BY name').all())
    .results;
const newOrganization = (slug: string) =>
  run(`INSERT INTO organization (id, name, slug, created_at) VALUES ('org-${slug}', '${slug}', '${slug}', 0)`);

await signUp('diego');

t.test('a username and the slug of an organization are one name space', async (t) => {
  await newOrganization('acme');
  t.strictSame(await holders(), [
    { name: 'acme', is_user: 0 },
    { name: 'diego', is_user: 1 },
  ]);
  await t.rejects(newOrganization('diego'), /UNIQUE constraint failed: registry_scopes/);
  const taken = await json('/-/user/org.couchdb.user:acme', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'acme', password: 'a long enough password' }),
  });
  t.match(taken, { status: 409, body: { code: 'NAME_TAKEN' } });
  t.equal((await holders()).length, 2, 'and nothing is left of either');
});

t.test('names that look alike cannot both exist', async (t) => {
  for (const lookalike of ['d1ego', 'dlego', 'dieg0', 'di-ego', 'd.i.e.g.o', 'acrne', 'ac_me'])
    await t.rejects(newOrganization(lookalike), /UNIQUE constraint failed/, lookalike);
});

t.test('a name never changes and never goes away', async (t) => {
  await t.rejects(run("UPDATE user SET username = 'rui' WHERE username = 'diego'"), /never changes/);
  await t.rejects(run("UPDATE user SET username = NULL WHERE username = 'diego'"), /never changes/);
  await t.rejects(run("UPDATE organization SET slug = 'other' WHERE slug = 'acme'"), /never changes/);
  await t.rejects(run("DELETE FROM organization WHERE slug = 'acme'"), /FOREIGN KEY constraint failed/);
});

t.test('the audit log only grows', async (t) => {
  await run("INSERT INTO registry_audit_log (at, action, subject) VALUES (0, 'publish', '@diego/rust')");
  await t.rejects(run("UPDATE registry_audit_log SET action = 'yank'"), /only grows/);
  await t.rejects(run('DELETE FROM registry_audit_log'), /only grows/);
});
