// What an admin may and may not do beyond their own scopes, and the effects of a ban.
import { ORGANIZATIONS_PATH } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse, signIn } from './harness.ts';
import { askerOf, makeAdmin, signUpAll, succeed, tokenWith } from './helpers/people.ts';

const registry = await openRegistry(t, { PUBLISH_VERSIONS_PER_HOUR: '2' });
const ask = askerOf(registry);
const { diego, boss, marta } = await signUpAll(registry, 'diego', 'boss', 'marta');
await makeAdmin(registry, 'boss');

/** Other words make another course of the same version. */
const course = (name: string, version = '1.0.0', words = 'words') =>
  packCourse(name, version, { files: { 'content/words.md': words } });
const publish = async (token: string, file: Promise<Uint8Array>, force?: true) =>
  registry.publish(token, await file, { force });
const FORCE = true;

t.test(
  'with force an admin publishes into the scope of somebody else, who still owns it; the log says so',
  async (t) => {
    t.match(
      await publish(boss, course('@diego/rust')),
      { status: 403, body: { code: 'FORBIDDEN' } },
      'not without force',
    );
    t.equal((await publish(boss, course('@diego/rust'), FORCE)).status, 201);
    const { maintainers } = (await registry.json('/@diego%2frust')).body;
    t.match(maintainers, [{ name: 'diego' }]);
    t.equal((await publish(diego, course('@diego/rust', '1.1.0'))).status, 201);
    const entries = (await ask(diego, 'GET', '/registry/audit-log/diego/rust')).body.entries as object[];
    t.match(entries, [
      { action: 'publish', user: 'diego', version: '1.1.0' },
      { action: 'publish', user: 'boss', version: '1.0.0', after: { force: true } },
    ]);
    t.notMatch(JSON.stringify(entries[0]), 'force');
  },
);

t.test('with force an admin goes past the hour’s quota', async (t) => {
  await succeed(publish(boss, course('@boss/one')));
  t.match(await publish(boss, course('@boss/two')), { status: 429, body: { code: 'RATE_LIMITED' } });
  t.equal((await publish(boss, course('@boss/two'), FORCE)).status, 201);
});

t.test('force overwrites nothing, and uses no number again', async (t) => {
  const before = await registry.json('/@diego%2frust/1.0.0');
  t.match(await publish(boss, course('@diego/rust', '1.0.0', 'others'), FORCE), {
    status: 409,
    body: { code: 'VERSION_EXISTS' },
  });
  t.same((await registry.json('/@diego%2frust/1.0.0')).body, before.body);
  await succeed(publish(boss, course('@boss/gone'), FORCE));
  const { _rev } = (await registry.json('/@boss%2fgone')).body;
  await succeed(ask(boss, 'DELETE', `/@boss%2fgone/-rev/${_rev}`));
  t.match(await publish(boss, course('@boss/gone'), FORCE), { status: 409, body: { code: 'VERSION_EXISTS' } });
});

t.test('nobody else may force, not even in their own scope', async (t) => {
  for (const name of ['@marta/sql', '@diego/rust'])
    t.match(await publish(marta, course(name, '2.0.0'), FORCE), {
      status: 403,
      body: { code: 'FORBIDDEN', error: 'Only an admin of the registry may force this', limit: 'force' },
    });
  t.equal((await registry.fetch('/@marta%2fsql')).status, 404);
});

t.test('the limits of a token hold for admins too', async (t) => {
  const readonly = await tokenWith(registry, 'boss', 'readonly = 1');
  const limited = await tokenWith(registry, 'boss', "courses = json_array('@boss')");
  for (const [token, limit] of [
    [readonly, 'readonly'],
    [limited, 'courses'],
  ] as const)
    t.match(await publish(token, course('@diego/rust', '2.0.0'), FORCE), { status: 403, body: { limit } });
});

t.test('force needs somebody who holds the scope: who signed up later would own what is there', async (t) => {
  t.match(await publish(boss, course('@rui/go'), FORCE), {
    status: 403,
    body: { code: 'FORBIDDEN', error: /Nobody holds the scope @rui/ },
  });
  t.equal((await registry.fetch('/@rui%2fgo')).status, 404);
});

t.test('an admin gives the registry’s own names to organizations; without force they are like everybody', async (t) => {
  t.match(await ask(marta, 'POST', ORGANIZATIONS_PATH, { slug: 'progy' }), {
    status: 400,
    body: { code: 'INVALID_REQUEST', error: 'The name progy is reserved' },
  });
  t.equal((await ask(boss, 'POST', ORGANIZATIONS_PATH, { slug: 'progy' })).status, 201);
  t.match(await ask(boss, 'POST', ORGANIZATIONS_PATH, { slug: 'pr0gy' }), {
    status: 409,
    body: { code: 'NAME_TAKEN' },
  });
  t.match(await ask(boss, 'POST', ORGANIZATIONS_PATH, { slug: 'Progy' }), { status: 400 });
  t.equal((await publish(boss, course('@progy/tour'), FORCE)).status, 201);
  const secret = await packCourse('@marta/secret', '1.0.0', { course: { private: true } });
  await succeed(registry.publish(marta, secret));
  t.equal((await registry.fetch('/@marta%2fsecret', { headers: bearer(boss) })).status, 404);
  t.equal((await ask(boss, 'POST', '/-/package/@diego%2frust/access', { access: 'restricted' })).status, 403);
});

t.test('a ban ends every token of an account until it is lifted or over', async (t) => {
  const statuses = async () => [
    (await ask(marta, 'GET', '/-/whoami')).status,
    (await ask(marta, 'GET', '/@marta%2fsecret')).status,
    (await publish(marta, course('@marta/sql'))).status,
  ];
  const ban = (change: string) => registry.env.DB.prepare(`UPDATE user SET ${change} WHERE username = 'marta'`).run();
  await ban('banned = 1');
  t.same(await statuses(), [401, 401, 401]);
  await ban('ban_expires = unixepoch() + 60');
  t.same(await statuses(), [401, 401, 401]);
  const again = String((await signIn(registry.json, 'marta')).body.token);
  t.equal((await registry.fetch('/-/whoami', { headers: bearer(again) })).status, 401, 'nor does a new one');
  await ban('ban_expires = unixepoch() - 1');
  t.same(await statuses(), [200, 200, 201]);
});

t.test('who becomes an admin and who is banned is in the log of the account', async (t) => {
  const { entries } = (await ask(boss, 'GET', '/registry/audit-log/@boss')).body;
  t.match(
    (entries as { action: string }[]).find(({ action }) => action === 'account change'),
    {
      user: null,
      before: { role: 'user', banned: false },
      after: { role: 'admin', banned: false },
    },
  );
  const own = (await ask(marta, 'GET', '/registry/audit-log/@marta')).body.entries as { action: string }[];
  t.match(
    own.filter(({ action }) => action === 'account change'),
    [{ before: { banned: false }, after: { banned: true } }],
  );
});
