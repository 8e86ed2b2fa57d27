// /registry/audit-log: who may read what happened, and how it is paged.
import { auditLogPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { type Answer, openRegistry, packCourse } from '../../harness.ts';
import { askerOf, createOrganization, signUpAll, succeed, tokenWith } from '../../helpers/people.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta, ana, rui } = await signUpAll(registry, 'diego', 'marta', 'ana', 'rui');
await createOrganization(ask, diego, 'school', { marta: 'publisher', ana: 'reader' });
const publish = async (name: string, version: string, isPrivate = false) =>
  succeed(registry.publish(marta, await packCourse(name, version, { course: { private: isPrivate } })));
await publish('@school/sql', '1.0.0');
await publish('@school/secret', '1.0.0', true);

interface Entry {
  id: number;
  at: string;
  [field: string]: unknown;
}
const log = (token: string | undefined, subject: string, query = '') =>
  ask(token, 'GET', auditLogPath(subject) + query);
const entriesOf = ({ body }: Answer) => body.entries as Entry[];

t.test('who maintains a course reads what happened to it, newest first', async (t) => {
  await succeed(ask(marta, 'PUT', '/-/package/@school%2fsql/dist-tags/fall', '1.0.0'));
  const answer = await log(marta, '@school/sql');
  t.match(answer, { status: 200, body: { name: '@school/sql', next: null } });
  t.equal(answer.headers.get('cache-control'), 'private, no-store');
  t.match(entriesOf(answer), [
    {
      action: 'dist-tag add',
      user: 'marta',
      token: /^[0-9a-f]{32}$/,
      version: '1.0.0',
      before: null,
      after: { fall: '1.0.0' },
    },
    { action: 'publish', user: 'marta', version: '1.0.0', after: { integrity: /^sha512-/, tree: /^[0-9a-f]{64}$/ } },
  ]);
  t.match(entriesOf(answer)[0]?.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.same((await log(diego, 'school/sql')).body, answer.body, 'owners too, and with the scope as it is written');
});

t.test('pages follow each other without a gap, whatever happens in between', async (t) => {
  const tag = (name: string) => succeed(ask(marta, 'PUT', `/-/package/@school%2fsql/dist-tags/${name}`, '1.0.0'));
  for (const name of ['one', 'two', 'three']) await tag(name);
  const all = entriesOf(await log(marta, '@school/sql'));
  const first = await log(marta, '@school/sql', '?limit=2');
  await tag('four');
  const second = await log(marta, '@school/sql', `?limit=2&before=${first.body.next}`);
  const last = await log(marta, '@school/sql', `?limit=2&before=${second.body.next}`);
  t.same([first, second, last].flatMap(entriesOf), all);
  t.equal(last.body.next, null);
  t.same(entriesOf(await log(marta, '@school/sql', '?before=1')), [], 'nothing is older than the first');
});

t.test('others are refused, as they are everywhere', async (t) => {
  for (const [token, subject, status, code] of [
    [undefined, '@school/sql', 401, 'UNAUTHORIZED'],
    ['progy_nothing', '@school/sql', 401, 'UNAUTHORIZED'],
    [rui, '@school/sql', 403, 'FORBIDDEN'],
    [ana, '@school/sql', 403, 'FORBIDDEN'],
    [ana, '@school/secret', 403, 'FORBIDDEN'],
    [rui, '@school/secret', 404, 'PACKAGE_NOT_FOUND'],
    [marta, '@school/none', 404, 'PACKAGE_NOT_FOUND'],
    [rui, '@school/none', 404, 'PACKAGE_NOT_FOUND'],
    [marta, '@school', 403, 'FORBIDDEN'],
    [rui, '@school', 403, 'FORBIDDEN'],
    [rui, '@diego', 404, 'NOT_FOUND'],
    [marta, '@school/SQL', 400, 'INVALID_NAME'],
  ] as const)
    t.match(await log(token, subject), { status, body: { code } }, `${subject} ${status}`);
  for (const query of ['?limit=0', '?limit=101', '?before=x', '?before=0'])
    t.match(await log(marta, '@school/sql', query), { status: 400, body: { code: 'INVALID_REQUEST' } }, query);
});

t.test('a token that does not reach a course does not read its log', async (t) => {
  const limited = await tokenWith(registry, 'marta', "courses = json_array('@school/sql')");
  t.equal((await log(limited, '@school/sql')).status, 200);
  t.match(await log(limited, '@school/secret'), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
  t.match(await log(limited, '@marta'), { status: 403, body: { code: 'FORBIDDEN', limit: 'courses' } });
});

t.test('owners read the log of their organization, everybody that of their own account', async (t) => {
  t.match(entriesOf(await log(diego, '@school')), [
    { action: 'org set', after: { ana: 'reader' } },
    { action: 'org set', after: { marta: 'publisher' } },
    { action: 'org create', after: { diego: 'owner' } },
  ]);
  t.ok(entriesOf(await log(marta, '@marta')).some(({ action }) => action === 'token create'));
});
