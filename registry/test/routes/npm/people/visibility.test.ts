// Who can see a course: its visibility, grants, and the answer for those without access.

import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, grantPath, packumentPath, resolvePath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';
import { askerOf, createOrganization, signUpAll, succeed } from '../../../helpers/people.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta, ana, rui } = await signUpAll(registry, 'diego', 'marta', 'ana', 'rui');
const publish = async (token: string, name: string, version = '1.0.0', isPrivate = false) =>
  succeed(registry.publish(token, await packCourse(name, version, { course: { private: isPrivate } })));
const packageRoute = (name: string, what: string) => `/-/package/${name.replace('/', '%2f')}/${what}`;
const setAccess = (token: string, name: string, access: unknown) =>
  ask(token, 'POST', packageRoute(name, 'access'), { access });
const visibility = async (name: string, token = diego) =>
  (await ask(token, 'GET', packageRoute(name, 'visibility'))).body;
const grant = (token: string, name: string, user: string, method = 'PUT') =>
  ask(token, method, grantPath(parsePackageName(name), user), method === 'PUT' ? { permission: 'read' } : undefined);
const logOf = async (subject: string) =>
  (
    await registry.env.DB.prepare('SELECT action, before, after FROM registry_audit_log WHERE subject = ? ORDER BY id')
      .bind(subject)
      .all()
  ).results;

/** Every address at which a course shows itself. */
function addressesOf(full: string): string[] {
  const name = parsePackageName(full);
  return [
    packumentPath(name),
    `${packumentPath(name)}?write=true`,
    `${packumentPath(name)}/1.0.0`,
    `${packumentPath(name)}/latest`,
    `${packumentPath(name)}/9.9.9`,
    tarballPath(name, '1.0.0'),
    tarballPath(name, '9.9.9'),
    downloadPath(name, '1.0.0'),
    downloadPath(name, '9.9.9'),
    resolvePath(name),
    `/downloads/point/last-day/${full}`,
    `/downloads/range/last-week/${full}`,
    `/versions/${full.replace('/', '%2f')}/last-week`,
    packageRoute(full, 'dist-tags'),
    packageRoute(full, 'visibility'),
    packageRoute(full, 'access'),
  ];
}

t.test('a course is restricted and public again, for every version and in every dialect', async (t) => {
  await publish(diego, '@diego/rust');
  t.same(await visibility('@diego/rust'), { public: true, access: 'public' });
  t.equal((await setAccess(diego, '@diego/rust', 'restricted')).status, 200);
  t.same(await visibility('@diego/rust'), { public: false, access: 'restricted' });
  for (const path of addressesOf('@diego/rust')) {
    t.match(await ask(undefined, 'GET', path), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } }, path);
    t.match(await ask(marta, 'GET', path), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } }, path);
  }
  t.equal((await setAccess(diego, '@diego/rust', 'public')).status, 200);
  t.equal((await registry.fetch('/@diego%2frust')).status, 200);
  t.match(await logOf('@diego/rust'), [
    { action: 'publish' },
    { action: 'access set', before: '{"access":"public"}', after: '{"access":"restricted"}' },
    { action: 'access set', before: '{"access":"restricted"}', after: '{"access":"public"}' },
  ]);
});

t.test('search forgets what is restricted, and finds it again', async (t) => {
  await publish(diego, '@diego/marimba');
  const found = async () => {
    const { objects } = (await ask(undefined, 'GET', '/-/v1/search?text=marimba')).body;
    return (objects as object[]).length;
  };
  t.equal(await found(), 1);
  await succeed(setAccess(diego, '@diego/marimba', 'restricted'));
  t.equal(await found(), 0);
  await succeed(setAccess(diego, '@diego/marimba', 'public'));
  t.equal(await found(), 1);
});

t.test('a private course that is not theirs and one that does not exist are told apart by nothing', async (t) => {
  await publish(diego, '@diego/hidden', '1.0.0', true);
  const toldOf = async (name: string, token: string | undefined, path: string) => {
    const { status, headers, body } = await ask(token, 'GET', path);
    const told = JSON.stringify({ status, body, headers: [...headers].filter(([header]) => header !== 'date') });
    return told.replaceAll(name, '@diego/x');
  };
  const hidden = addressesOf('@diego/hidden');
  const missing = addressesOf('@diego/absent');
  for (const token of [undefined, marta, 'progy_nothing'])
    for (const [index, path] of hidden.entries())
      t.equal(
        (await toldOf('@diego/hidden', token, path)).replaceAll('hidden', 'x'),
        (await toldOf('@diego/absent', token, missing[index] ?? '')).replaceAll('absent', 'x'),
        path,
      );
});

t.test(
  'what somebody held of a course while it was public is not renewed for strangers, and never kept for readers',
  async (t) => {
    await publish(diego, '@diego/held');
    const etags = new Map<string, string>();
    const paths = [
      '/@diego%2fheld',
      '/@diego%2fheld/1.0.0',
      '/@diego/held/-/held-1.0.0.tgz',
      '/registry/download/diego/held/1.0.0',
    ];
    for (const path of paths) etags.set(path, (await registry.fetch(path)).headers.get('etag') ?? '');
    await succeed(setAccess(diego, '@diego/held', 'restricted'));
    for (const [path, etag] of etags) {
      const conditional = { 'If-None-Match': etag };
      t.equal((await registry.fetch(path, { headers: conditional })).status, 404, path);
      t.equal((await registry.fetch(path, { headers: { ...conditional, ...bearer(marta) } })).status, 404, path);
      const own = await registry.fetch(path, { headers: bearer(diego) });
      t.match([own.status, own.headers.get('cache-control')], [200, 'private, no-store'], path);
      const again = await registry.fetch(path, {
        headers: { ...bearer(diego), 'If-None-Match': own.headers.get('etag') ?? '' },
      });
      t.match([again.status, again.headers.get('cache-control')], [304, 'private, no-store'], path);
    }
  },
);

t.test('restricted stays restricted whatever is published, and private follows course.json', async (t) => {
  await publish(diego, '@diego/kept');
  await succeed(setAccess(diego, '@diego/kept', 'restricted'));
  await publish(diego, '@diego/kept', '1.1.0', false);
  t.same(await visibility('@diego/kept'), { public: false, access: 'restricted' });
  await publish(diego, '@diego/kept', '1.2.0', true);
  t.match(await setAccess(diego, '@diego/kept', 'public'), {
    status: 400,
    body: { code: 'METADATA_MISMATCH', error: /"private": true.*after 1\.2\.0/, field: 'private' },
  });
  await publish(diego, '@diego/kept', '1.3.0', false);
  t.same(await visibility('@diego/kept'), { public: false, access: 'restricted' });
  await succeed(setAccess(diego, '@diego/kept', 'public'));
  t.same(await visibility('@diego/kept'), { public: true, access: 'public' });
});

t.test('one account is let in, and out again', async (t) => {
  await publish(diego, '@diego/notes', '1.0.0', true);
  const statusFor = async (token: string) => (await ask(token, 'GET', '/@diego%2fnotes')).status;
  t.equal(await statusFor(marta), 404);
  t.match(await grant(diego, '@diego/notes', 'marta'), { status: 200, body: { user: 'marta', permission: 'read' } });
  t.equal((await grant(diego, '@diego/notes', 'marta')).status, 200, 'granting again is fine');
  for (const path of addressesOf('@diego/notes').filter((address) => !address.includes('9.9.9'))) {
    const { status, headers } = await ask(marta, 'GET', path);
    t.match([status, headers.get('cache-control')], [200, 'private, no-store'], path);
  }
  t.equal(await statusFor(ana), 404);
  t.match(await registry.publish(marta, await packCourse('@diego/notes', '2.0.0')), { status: 403 });
  t.equal((await grant(diego, '@diego/notes', 'marta', 'DELETE')).status, 200);
  t.equal(await statusFor(marta), 404);
  t.match(await grant(diego, '@diego/notes', 'marta', 'DELETE'), { status: 404, body: { code: 'NOT_FOUND' } });
  t.match(await logOf('@diego/notes'), [
    { action: 'publish' },
    { action: 'access grant', before: null, after: '{"user":"marta","permission":"read"}' },
    { action: 'access revoke', before: '{"user":"marta","permission":"read"}', after: null },
  ]);
});

t.test('who has rights is listed for who maintains the course', async (t) => {
  await createOrganization(ask, diego, 'school', { marta: 'publisher', ana: 'reader' });
  await publish(marta, '@school/sql', '1.0.0', true);
  await succeed(grant(diego, '@school/sql', 'rui'));
  const list = (token: string | undefined, query = '') =>
    ask(token, 'GET', packageRoute('@school/sql', `collaborators${query}`));
  const all = { ana: 'read', diego: 'write', marta: 'write', rui: 'read' };
  t.match(await list(marta), { status: 200, body: all });
  t.match(
    (await list(diego, '?format=cli')).body,
    Object.entries(all).map(([user, permission]) => ({
      user,
      email: `${user}@users.progy.invalid`,
      permissions: `read-${permission === 'write' ? 'write' : 'only'}`,
    })),
    'a list for pnpm 12',
  );
  t.match(await list(rui), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await list(undefined), { status: 401 });
});

t.test('only the owner of a scope decides who sees its courses; what cannot be done says so', async (t) => {
  for (const [asked, status, code] of [
    [setAccess(marta, '@school/sql', 'restricted'), 403, 'FORBIDDEN'],
    [setAccess(marta, '@diego/rust', 'restricted'), 403, 'FORBIDDEN'],
    [setAccess(marta, '@diego/hidden', 'public'), 404, 'PACKAGE_NOT_FOUND'],
    [setAccess(diego, '@diego/rust', 'open'), 400, 'INVALID_REQUEST'],
    [setAccess(diego, '@diego/absent', 'public'), 404, 'PACKAGE_NOT_FOUND'],
    [grant(marta, '@school/sql', 'rui'), 403, 'FORBIDDEN'],
    [grant(marta, '@diego/hidden', 'marta'), 404, 'PACKAGE_NOT_FOUND'],
    [grant(diego, '@diego/rust', 'nobody-here'), 404, 'NOT_FOUND'],
    [ask(diego, 'PUT', '/registry/access/diego/rust/marta', { permission: 'write' }), 400, 'INVALID_REQUEST'],
    [
      ask(diego, 'POST', packageRoute('@diego/rust', 'access'), { publish_requires_tfa: true }),
      405,
      'METHOD_NOT_ALLOWED',
    ],
  ] as const)
    t.match(await asked, { status, body: { code } });
  t.match(await setAccess(marta, '@school/sql', 'restricted'), { body: { error: /only an owner of its scope/ } });
  t.same(await visibility('@diego/rust'), { public: true, access: 'public' });
});
