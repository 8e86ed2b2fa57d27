// /registry/yank/:scope/:slug/:version: a version is hidden from new students, and stays for those who rely on it.
import t from 'tap';
import { openRegistry } from '../../harness.ts';
import { openCourses } from '../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const newCourse = await openCourses(registry);
const marta = await registry.signUp('marta');

t.test(
  'latest goes to the highest stable version that is not yanked, other tags go away, and the answer tells',
  async (t) => {
    const course = await newCourse('1.0.0', '1.2.0', '1.10.0', '2.0.0-beta.1');
    await course.tag('fall', '1.10.0');
    await course.tag('spring', '1.2.0');
    const before = { fall: '1.10.0', latest: '1.10.0', next: '2.0.0-beta.1', spring: '1.2.0' };
    const after = { latest: '1.2.0', next: '2.0.0-beta.1', spring: '1.2.0' };
    t.match(await course.yank('1.10.0', 'loses data'), {
      status: 200,
      body: {
        success: true,
        name: course.name.full,
        version: '1.10.0',
        yanked: 'loses data',
        distTags: { before, after },
      },
    });
    t.same(await course.tags(), after);
    t.match((await registry.json(`/registry/resolve/${course.name.full}`)).body, {
      latest: '1.2.0',
      artifacts: { '1.10.0': { yanked: 'loses data', distTags: [] }, '1.2.0': { yanked: null } },
    });
  },
);

t.test('who names it exactly still gets it, in every form, with the reason beside', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const { full, slug } = course.name;
  await course.yank('1.0.0', 'a lição 3 apaga ficheiros ✂');
  const notice = `${full}@1.0.0 is yanked: a licao 3 apaga ficheiros ?`;
  const [deprecated, yanked] = ['yanked: a lição 3 apaga ficheiros ✂', 'a lição 3 apaga ficheiros ✂'];
  for (const path of [`/${full}/1.0.0`, `/${full}/-/${slug}-1.0.0.tgz`, `/registry/download/${full}/1.0.0`]) {
    const { status, headers } = await registry.fetch(path);
    t.same([status, headers.get('npm-notice')], [200, notice], path);
  }
  t.match((await registry.json(`/${full}/1.0.0`)).body, { deprecated, yanked });
  for (const Accept of ['application/json', 'application/vnd.npm.install-v1+json']) {
    const { headers, body } = await registry.json(`/${full}`, { headers: { Accept } });
    t.match(body, { versions: { '1.0.0': { deprecated, yanked }, '1.1.0': { yanked: undefined } } });
    t.equal(headers.get('npm-notice'), null, 'nobody is bothered who may want another version');
  }
  t.equal((await registry.fetch(`/${full}/1.1.0`)).headers.get('npm-notice'), null);
});

t.test('a yank needs no reason', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  t.match(await course.yank('1.0.0'), { status: 200, body: { yanked: '' } });
  const { body, headers } = await registry.json(`/${course.name.full}/1.0.0`);
  t.match(body, { deprecated: 'yanked', yanked: '' });
  t.equal(headers.get('npm-notice'), `${course.name.full}@1.0.0 is yanked`);
});

t.test(
  'a course whose versions are all yanked keeps latest where it was, until a version comes that is not',
  async (t) => {
    const course = await newCourse('1.0.0', '1.1.0');
    await course.yank('1.1.0');
    await course.yank('1.0.0');
    t.same(await course.tags(), { latest: '1.0.0' });
    t.equal((await course.publish('2.0.0-beta.1', 'beta')).status, 201);
    t.same(await course.tags(), { beta: '2.0.0-beta.1', latest: '2.0.0-beta.1' });
    await course.yank('2.0.0-beta.1');
    t.same(await course.tags(), { latest: '2.0.0-beta.1' });
    t.equal((await course.publish('1.0.1')).status, 201);
    t.same(await course.tags(), { latest: '1.0.1' }, 'though a yanked one is higher');
  },
);

t.test('unyank: latest comes back if the version is the highest, other tags do not', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0', '1.2.0');
  await course.tag('fall', '1.2.0');
  for (const version of ['1.2.0', '1.1.0']) await course.yank(version);
  t.same(await course.tags(), { latest: '1.0.0' });
  t.match(await course.unyank('1.2.0'), { status: 200, body: { yanked: null } });
  t.same(await course.tags(), { latest: '1.2.0' });
  await course.unyank('1.1.0');
  t.same(await course.tags(), { latest: '1.2.0' }, 'a lower one changes nothing');
  const { body, headers } = await registry.json(`/${course.name.full}/1.2.0`);
  t.notOk('yanked' in body || 'deprecated' in body);
  t.equal(headers.get('npm-notice'), null);
});

t.test('both may be sent again; another reason replaces the first; the log tells each change', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  t.notOk('already' in (await course.yank('1.1.0', 'one')).body);
  t.match((await course.yank('1.1.0', 'one')).body, { already: true, yanked: 'one' });
  t.match((await course.yank('1.1.0', 'two')).body, { already: undefined, yanked: 'two' });
  await course.unyank('1.1.0');
  t.match((await course.unyank('1.1.0')).body, { already: true, yanked: null });
  const [both, one] = [{ latest: '1.1.0' }, { latest: '1.0.0' }];
  const row = { username: 'diego', version: '1.1.0' };
  t.same(await course.audited(), [
    { ...row, action: 'yank', before: { yanked: null, distTags: both }, after: { yanked: 'one', distTags: one } },
    { ...row, action: 'yank', before: { yanked: 'one', distTags: one }, after: { yanked: 'two', distTags: one } },
    { ...row, action: 'unyank', before: { yanked: 'two', distTags: one }, after: { yanked: null, distTags: both } },
  ]);
});

t.test('no tag may name a yanked version; latest neither', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  await course.yank('1.0.0');
  const error = new RegExp(`yanked.*progy unyank ${course.name.full}@1\\.0\\.0`);
  for (const tag of ['fall', 'latest'])
    t.match(await course.tag(tag, '1.0.0'), { status: 400, body: { code: 'INVALID_TAG', error } });
  t.same(await course.tags(), { latest: '1.1.0' });
});

t.test('unpublishing what is not yanked leaves latest on the best of the yanked', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  await course.yank('1.0.0');
  await course.putWithout(await course.read(), '1.1.0');
  t.same(await course.tags(), { latest: '1.0.0' });
});

t.test('what may not be: each refusal has its code, and changes nothing', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const path = `/registry/yank/${course.name.full}`;
  t.match(await course.yank('9.9.9'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
  t.match(await course.unyank('9.9.9'), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
  t.match(await course.yank('1.0.0', 'x'.repeat(501)), { status: 400, body: { code: 'INVALID_REQUEST', limit: 500 } });
  t.match(await course.yank('1.0.0', 'x'.repeat(20_000)), { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  t.match(await course.send('POST', `${path}/latest`, {}), { status: 400, body: { code: 'INVALID_VERSION' } });
  t.match(await course.send('POST', `${path}/1.0.0`, { reason: 7 }), {
    status: 400,
    body: { code: 'INVALID_REQUEST' },
  });
  t.match(await course.send('POST', `${path}/1.0.0`), { status: 400, body: { code: 'INVALID_REQUEST' } });
  t.match(await course.send('POST', '/registry/yank/diego/none/1.0.0', {}), { status: 404 });
  t.match(await course.as(marta).yank('1.0.0'), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await course.as('progy_nothing').yank('1.0.0'), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.same(await course.audited(), []);
  t.same(await course.tags(), { latest: '1.1.0' });
});

t.test('of many who yank and tag at once, each is done in turn', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0', '1.2.0', '1.3.0');
  const answers = await Promise.all([
    course.yank('1.3.0'),
    course.tag('fall', '1.3.0'),
    course.yank('1.2.0'),
    course.tag('spring', '1.1.0'),
  ]);
  t.same([answers[0]?.status, answers[2]?.status, answers[3]?.status], [200, 200, 200]);
  t.ok([200, 400].includes(answers[1]?.status ?? 0), 'tagged before the yank, or refused after it');
  t.same(await course.tags(), { latest: '1.1.0', spring: '1.1.0' });
});
