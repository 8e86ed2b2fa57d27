// PUT /@scope/slug without a tarball: what `npm deprecate` sends.
import t from 'tap';
import { openRegistry } from '../../../harness.ts';
import { type Course, deprecated, openCourses } from '../../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const newCourse = await openCourses(registry);
const marta = await registry.signUp('marta');

/** `{version: deprecated}` of the versions that have one. */
async function messages(course: Course): Promise<Record<string, string>> {
  const { versions } = await course.read();
  return Object.fromEntries(
    Object.entries(versions).flatMap(([version, { deprecated }]) => (deprecated ? [[version, deprecated]] : [])),
  );
}

t.test('?write=true is the full packument for any Accept, kept by nobody and never a 304', async (t) => {
  const { name } = await newCourse('1.0.0');
  const path = `/${name.full}?write=true`;
  const Accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*';
  const first = await registry.json(path, { headers: { Accept } });
  t.match(first.body, { _id: name.full, _rev: /^1-[0-9a-f]{32}$/, maintainers: [{ name: 'diego' }] });
  t.match(first.headers.get('content-type'), /^application\/json/);
  t.equal(first.headers.get('cache-control'), 'private, no-store');
  t.equal((await registry.fetch(path, { headers: { 'If-None-Match': '*' } })).status, 200);
});

t.test('a message is shown in both packuments and the manifest, and an empty one takes it back', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const { full } = course.name;
  t.match(await course.deprecate(['1.0.0'], 'exercise 3 is wrong'), { status: 200, body: { ok: true } });
  t.same(await messages(course), { '1.0.0': 'exercise 3 is wrong' });
  const Accept = 'application/vnd.npm.install-v1+json';
  const abbreviated = await registry.json(`/${full}`, { headers: { Accept } });
  t.match(abbreviated.body, { versions: { '1.0.0': { deprecated: 'exercise 3 is wrong' } } });
  t.match((await registry.json(`/${full}/1.0.0`)).body, { deprecated: 'exercise 3 is wrong' });
  t.match((await registry.json(`/registry/resolve/${full}`)).body, {
    artifacts: { '1.0.0': { deprecated: 'exercise 3 is wrong' }, '1.1.0': { deprecated: null } },
  });

  t.equal((await course.deprecate(['1.0.0'], '')).status, 200);
  t.same(await messages(course), {});
  t.notOk('deprecated' in (await registry.json(`/${full}/1.0.0`)).body);
});

t.test(
  'every way to take a message back works: null, false, and leaving it out of a packument with its _rev',
  async (t) => {
    const course = await newCourse('1.0.0');
    for (const undo of [null, false, undefined]) {
      await course.deprecate(['1.0.0'], 'old');
      const packument = await course.read();
      const version = { ...packument.versions['1.0.0'], deprecated: undo };
      t.equal((await course.put({ ...packument, versions: { '1.0.0': version } })).status, 200);
      t.same(await messages(course), {}, String(undo));
    }
  },
);

t.test('nothing but deprecated counts: other fields of the body change nothing', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const before = await course.read();
  const forged = deprecated(before, ['1.0.0'], 'old');
  const answer = await course.put({
    ...forged,
    'dist-tags': { latest: '1.0.0', beta: '1.0.0' },
    description: 'forged',
    maintainers: [{ name: 'marta', email: '' }],
    time: {},
    versions: { '1.0.0': { ...forged.versions['1.0.0'], dist: { tarball: 'http://elsewhere.test' }, license: 'X' } },
  });
  t.equal(answer.status, 200);
  const { versions, ...after } = await course.read();
  t.same(Object.keys(versions), ['1.0.0', '1.1.0'], 'a version that is left out stays');
  t.same(versions['1.0.0'], { ...before.versions['1.0.0'], deprecated: 'old' });
  t.same({ ...after, _rev: '', time: '', versions: {} }, { ...before, _rev: '', time: '', versions: {} });
});

t.test('a body of the least: no _rev, one version; then the last writer wins', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  await course.deprecate(['1.1.0'], 'stays');
  const put = (message: string) => course.put({ versions: { '1.0.0': { deprecated: message }, '1.1.0': {} } });
  t.equal((await put('first')).status, 200);
  t.equal((await put('second')).status, 200);
  t.same(await messages(course), { '1.0.0': 'second', '1.1.0': 'stays' }, 'what is not mentioned stays');
});

t.test('a stale _rev is 409 and changes nothing, unless nothing is left to change', async (t) => {
  const course = await newCourse('1.0.0');
  const [old, same] = [deprecated(await course.read(), ['1.0.0'], 'mine'), await course.read()];
  await course.deprecate(['1.0.0'], 'theirs');
  t.match(await course.put(old), {
    status: 409,
    body: {
      code: 'REVISION_CONFLICT',
      error: /Somebody changed @diego\/course-\d+ in the meantime.*Run the command again/,
    },
  });
  t.match(await course.put(same), { status: 409 }, 'it would take back what it never saw');
  t.same(await messages(course), { '1.0.0': 'theirs' });
  const repeated = deprecated(old, ['1.0.0'], 'theirs');
  t.equal((await course.put(repeated)).status, 200, 'what was done already may be sent again');
});

t.test('of 8 writers with one _rev exactly one wins, and only its change is in the log', async (t) => {
  const course = await newCourse('1.0.0');
  const packument = await course.read();
  const writers = Array.from({ length: 8 }, (_, i) => course.put(deprecated(packument, ['1.0.0'], `writer ${i}`)));
  const answers = await Promise.all(writers);
  const winners = answers.flatMap(({ status }, i) => (status === 200 ? [`writer ${i}`] : []));
  t.equal(winners.length, 1);
  t.equal(answers.filter(({ status, body }) => status === 409 && body.code === 'REVISION_CONFLICT').length, 7);
  t.same(await messages(course), { '1.0.0': winners[0] });
  t.match(await course.audited(), [{ action: 'deprecate', after: { deprecated: winners[0] } }]);
});

t.test('the log tells who, what, from and to, in one row for all versions that get one message', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0', '1.2.0');
  await course.deprecate(['1.0.0'], 'first');
  await course.deprecate(['1.0.0', '1.1.0'], 'both');
  await course.deprecate(['1.1.0'], '');
  await course.deprecate(['1.1.0'], '');
  t.same(await course.audited(), [
    {
      action: 'deprecate',
      username: 'diego',
      version: '1.0.0',
      before: { deprecated: {} },
      after: { deprecated: 'first', versions: ['1.0.0'] },
    },
    {
      action: 'deprecate',
      username: 'diego',
      version: null,
      before: { deprecated: { '1.0.0': 'first' } },
      after: { deprecated: 'both', versions: ['1.0.0', '1.1.0'] },
    },
    {
      action: 'undeprecate',
      username: 'diego',
      version: '1.1.0',
      before: { deprecated: { '1.1.0': 'both' } },
      after: { deprecated: null, versions: ['1.1.0'] },
    },
  ]);
});

t.test('a message is one line that any terminal may print', async (t) => {
  const course = await newCourse('1.0.0');
  await course.deprecate(['1.0.0'], '  use\n\t1.1 \u001b[31mnow\u202e lição  ');
  t.same(await messages(course), { '1.0.0': 'use 1.1 \\u{1b}[31mnow\\u{202e} lição' });
  const packument = await course.read();
  t.equal((await course.put(packument)).status, 200);
  t.equal((await course.audited()).length, 1, 'the packument as it was read changes nothing');
});

t.test('what a yank says is no deprecation: echoing it changes nothing, and npm cannot take it back', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  await course.yank('1.0.0', 'loses data');
  t.equal((await course.deprecate(['1.1.0'], 'old')).status, 200);
  t.same(await messages(course), { '1.0.0': 'yanked: loses data', '1.1.0': 'old' });
  t.match(await course.deprecate(['1.0.0'], ''), {
    status: 400,
    body: { code: 'INVALID_REQUEST', error: /progy unyank @diego\/course-\d+@1\.0\.0/ },
  });
  t.equal((await course.deprecate(['1.0.0', '1.1.0'], '')).status, 200, 'among others it does not stand in the way');
  t.same(await messages(course), { '1.0.0': 'yanked: loses data' });
  await course.deprecate(['1.0.0'], 'and old');
  await course.unyank('1.0.0');
  t.same(await messages(course), { '1.0.0': 'and old' }, 'a message waits under the yank');
});

type Refusal = [what: string, body: object, status: number, code: string, error: RegExp];
const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`1.${i}.0`, { deprecated: `message ${i}` }]));
const REFUSALS: Refusal[] = [
  ['npm star', { _id: 'x', _rev: '1-x', users: { diego: true } }, 405, 'METHOD_NOT_ALLOWED', /has no stars/],
  ['npm unstar', { _id: 'x', _rev: '1-x', users: {} }, 405, 'METHOD_NOT_ALLOWED', /has no stars/],
  ['nothing', {}, 400, 'INVALID_REQUEST', /"versions"/],
  ['no map of versions', { versions: ['1.0.0'] }, 400, 'INVALID_REQUEST', /"versions"/],
  [
    'a message that is no text',
    { versions: { '1.0.0': { deprecated: true } } },
    400,
    'INVALID_REQUEST',
    /any "deprecated" is text/,
  ],
  ['a version without a tarball', { versions: { '9.9.9': {} } }, 404, 'VERSION_NOT_FOUND', /9\.9\.9/],
  ['a long message', { versions: { '1.0.0': { deprecated: 'x'.repeat(501) } } }, 400, 'INVALID_REQUEST', /at most 500/],
];
t.test('what may not be: each refusal has its code, and changes nothing', async (t) => {
  const course = await newCourse('1.0.0');
  for (const [what, body, status, code, error] of REFUSALS)
    t.match(await course.put(body), { status, body: { code, error } }, what);
  const change = { versions: { '1.0.0': { deprecated: 'old' } } };
  t.match(await course.as(marta).put(change), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await course.as('progy_nothing').put(change), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.match(await course.send('PUT', '/@diego%2fnone', change), { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } });
  const starred = { ...(await course.read()), users: { diego: true } };
  t.match(await course.put(starred), { status: 405 }, 'pnpm star');
  t.match(await course.send('PUT', `/${course.name.full}/-rev/${starred._rev}`, starred), { status: 405 });
  const fresh = await course.read();
  const elsewhere = (what: string) => ({ status: 405, body: { code: 'METHOD_NOT_ALLOWED', error: new RegExp(what) } });
  t.match(await course.put({ ...fresh, 'dist-tags': { beta: '1.0.0' } }), elsewhere('npm dist-tag add'));
  t.match(await course.put({ ...fresh, maintainers: [{ name: 'marta' }] }), elsewhere('npm owner add'));
  t.match((await course.read()).versions, { '1.0.0': { deprecated: undefined } });
  t.same(await course.audited(), []);
});

t.test('more messages at once than anybody writes are refused', async (t) => {
  const course = await newCourse(...Object.keys(many));
  t.match(await course.put({ versions: many }), { status: 400, body: { error: /At most 20 different messages/ } });
  t.same(await messages(course), {});
});
