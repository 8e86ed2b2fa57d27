// PUT and DELETE …/-rev/<rev>: what `npm unpublish` sends, of one version and of a whole course.
import t from 'tap';
import { openRegistry } from '../../../harness.ts';
import { openCourses } from '../../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const newCourse = await openCourses(registry);
const marta = await registry.signUp('marta');
const CONFLICT = { status: 409, body: { code: 'REVISION_CONFLICT', error: /Run the command again/ } };
const UNUSABLE = { status: 409, body: { code: 'VERSION_EXISTS', error: /1\.1\.0 was unpublished.*never used again/ } };

async function statusOf(path: string): Promise<number> {
  return (await registry.fetch(path)).status;
}

t.test(
  'one version: the PUT alone unpublishes it, everywhere, and the DELETE that follows finds it done',
  async (t) => {
    const course = await newCourse('1.0.0', '1.1.0');
    const { full, slug } = course.name;
    await course.tag('fall', '1.1.0');
    const packument = await course.read();
    t.match(await course.putWithout(packument, '1.1.0'), { status: 200, body: { ok: true } });

    const left = await course.read();
    t.same(Object.keys(left.versions), ['1.0.0']);
    t.same(left['dist-tags'], { latest: '1.0.0' }, 'latest goes to what is left, the tag goes away');
    t.notOk('1.1.0' in left.time);
    t.match((await registry.json(`/registry/resolve/${full}`)).body, { latest: '1.0.0', versions: ['1.0.0'] });
    for (const path of [`/${full}/1.1.0`, `/${full}/-/${slug}-1.1.0.tgz`, `/registry/download/${full}/1.1.0`])
      t.match(
        await registry.json(path),
        { status: 404, body: { code: 'VERSION_NOT_FOUND', error: `${full}@1.1.0 was unpublished`, version: '1.1.0' } },
        path,
      );

    t.equal((await course.deleteTarball('1.1.0', left._rev)).status, 200);
    t.same(await course.audited(), [
      {
        action: 'dist-tag add',
        username: 'diego',
        version: '1.1.0',
        before: null,
        after: { fall: '1.1.0' },
      },
      {
        action: 'unpublish',
        username: 'diego',
        version: '1.1.0',
        before: { versions: ['1.1.0'], distTags: { fall: '1.1.0', latest: '1.1.0' } },
        after: { distTags: { latest: '1.0.0' } },
      },
    ]);
  },
);

t.test('each step may be sent again, with the _rev it had', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const before = await course.read();
  for (let i = 0; i < 2; i++) t.equal((await course.putWithout(before, '1.1.0')).status, 200);
  const { _rev } = await course.read();
  for (const rev of [_rev, _rev, before._rev]) t.equal((await course.deleteTarball('1.1.0', rev)).status, 200);
  t.equal((await course.audited()).length, 1);
  t.same(await course.tags(), { latest: '1.0.0' });
});

t.test('the tarball alone is enough, if the _rev is fresh', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const { _rev } = await course.read();
  t.match(await course.deleteTarball('1.0.0', `9-${_rev.slice(2)}`), CONFLICT);
  t.equal((await course.deleteTarball('1.0.0', _rev)).status, 200);
  t.same(Object.keys((await course.read()).versions), ['1.1.0']);
  t.match(await course.deleteTarball('9.9.9', _rev), { status: 404, body: { code: 'VERSION_NOT_FOUND' } });
});

t.test(
  'a whole course is gone for readers, who are told so; the number is used, and a new one brings it back',
  async (t) => {
    const course = await newCourse('1.0.0', '1.1.0');
    const { full, slug } = course.name;
    const { _rev } = await course.read();
    t.equal((await course.deleteAll(_rev)).status, 200);
    const gone = {
      status: 404,
      body: { code: 'PACKAGE_NOT_FOUND', error: `${full} was unpublished`, unpublished: true },
    };
    for (const path of [
      `/${full}`,
      `/${full}/1.0.0`,
      `/${full}/latest`,
      `/${full}/-/${slug}-1.0.0.tgz`,
      `/-/package/${full}/dist-tags`,
      `/registry/resolve/${full}`,
      `/registry/download/${full}/1.0.0`,
    ])
      t.match(await registry.json(path), gone, path);
    t.match(await course.deleteAll(_rev), gone, 'a second time there is nothing');
    t.match(await course.deleteTarball('1.0.0', _rev), gone);

    t.match(await course.publish('1.1.0'), UNUSABLE);
    t.equal(await statusOf(`/${full}`), 404);
    t.equal((await course.publish('1.0.1')).status, 201);
    t.same(await course.tags(), { latest: '1.0.1' });
  },
);

t.test('the last version unpublished by itself takes the course along', async (t) => {
  const course = await newCourse('1.0.0');
  t.equal((await course.putWithout(await course.read(), '1.0.0')).status, 200);
  t.match(await registry.json(`/${course.name.full}`), { status: 404, body: { unpublished: true } });
});

t.test('a private course that is unpublished looks as if it had never been', async (t) => {
  const course = await newCourse('1.0.0');
  const { name } = course;
  await registry.env.DB.prepare('UPDATE registry_packages SET is_private = 1, is_public = 0 WHERE name = ?')
    .bind(name.full)
    .run();
  await course.deleteAll((await course.read())._rev);
  const { status, body } = await registry.json(`/${name.full}`);
  t.match({ status, body }, { status: 404, body: { error: `Package not found: ${name.full}` } });
  t.notOk('unpublished' in body);
});

t.test('after 72 hours a version stays: 403 that recommends npm deprecate and progy yank', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const { full } = course.name;
  await course.age(73, '1.0.0');
  const packument = await course.read();
  const refused = {
    status: 403,
    body: {
      code: 'FORBIDDEN',
      error: new RegExp(`72 hours ago.*npm deprecate ${full}@(1\\.0\\.0|\\*) "why".*progy yank ${full}@1\\.0\\.0`),
      versions: ['1.0.0'],
    },
  };
  t.match(await course.putWithout(packument, '1.0.0'), refused);
  t.match(await course.deleteTarball('1.0.0', packument._rev), refused);
  t.match(await course.deleteAll(packument._rev), refused, 'nor does the course go that holds it');
  t.same(Object.keys((await course.read()).versions), ['1.0.0', '1.1.0']);
  await course.age(71, '1.0.0');
  t.equal((await course.putWithout(packument, '1.0.0')).status, 200);
});

t.test('a stale _rev is 409: what was published in the meantime is not left out by mistake', async (t) => {
  const course = await newCourse('1.0.0');
  const packument = await course.read();
  await course.publish('1.1.0');
  t.match(await course.putWithout(packument, '1.0.0'), CONFLICT);
  t.match(await course.deleteAll(packument._rev), CONFLICT);
  t.match(await course.putWithout(packument, 'none'), CONFLICT);
  for (const rev of ['', 'x', '0-0', `${packument._rev}0`, '%00'])
    t.ok([404, 405, 409].includes((await course.deleteAll(rev)).status), `_rev ${rev}`);
  t.same(Object.keys((await course.read()).versions), ['1.0.0', '1.1.0']);
});

t.test('latest goes to the highest stable version that is left, then to a prerelease', async (t) => {
  const course = await newCourse('1.0.0', '1.2.0', '1.10.0', '2.0.0-beta.2', '2.0.0-beta.10');
  for (const [gone, latest] of [
    ['1.10.0', '1.2.0'],
    ['1.2.0', '1.0.0'],
    ['1.0.0', '2.0.0-beta.10'],
  ] as const) {
    t.equal((await course.putWithout(await course.read(), gone)).status, 200);
    t.equal((await course.tags()).latest, latest, `without ${gone}`);
  }
});

t.test('one PUT may leave a version out and deprecate another, or do neither', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const packument = await course.read();
  const deprecated = { ...packument.versions['1.0.0'], deprecated: 'old' };
  const path = `/${course.name.full}/-rev/${packument._rev}`;
  t.equal((await course.send('PUT', path, { ...packument, versions: { '1.0.0': deprecated } })).status, 200);
  t.match((await course.read()).versions, { '1.0.0': { deprecated: 'old' }, '1.1.0': undefined });
  t.same(
    (await course.audited()).map(({ action }) => action),
    ['unpublish', 'deprecate'],
  );
});

t.test('what may not be: each refusal has its code, and changes nothing', async (t) => {
  const course = await newCourse('1.0.0');
  const packument = await course.read();
  const path = `/${course.name.full}/-rev/${packument._rev}`;
  t.match(await course.as(marta).deleteAll(packument._rev), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await course.as(marta).putWithout(packument, '1.0.0'), { status: 403, body: { code: 'FORBIDDEN' } });
  t.match(await course.as('progy_nothing').deleteAll(packument._rev), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.match(await course.send('PUT', path, {}), { status: 400, body: { code: 'INVALID_REQUEST' } });
  const attachment = { ...packument, _attachments: { 'x.tgz': { data: '' } } };
  t.match(await course.send('PUT', path, attachment), { status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
  t.match(await course.send('DELETE', `/${course.name.full}/-/other-1.0.0.tgz/-rev/${packument._rev}`), {
    status: 404,
    body: { code: 'VERSION_NOT_FOUND' },
  });
  t.same(await course.audited(), []);
  t.equal(await statusOf(`/${course.name.full}`), 200);
});

t.test('a publish and an unpublish at once: whoever wins, no tag names what is gone', async (t) => {
  for (let round = 0; round < 6; round++) {
    const course = await newCourse('1.0.0');
    const { _rev } = await course.read();
    const [published, unpublished] = await Promise.all([course.publish('1.1.0'), course.deleteAll(_rev)]);
    t.equal(published.status, 201);
    t.ok([200, 409].includes(unpublished.status));
    const packument = await course.read();
    const left = unpublished.status === 200 ? ['1.1.0'] : ['1.0.0', '1.1.0'];
    t.same(Object.keys(packument.versions), left);
    t.same(packument['dist-tags'], { latest: '1.1.0' });
  }
});

t.test('a tag set while its version is unpublished never names it', async (t) => {
  for (let round = 0; round < 6; round++) {
    const course = await newCourse('1.0.0', '1.1.0');
    const packument = await course.read();
    const [tagged, unpublished] = await Promise.all([
      course.tag('fall', '1.1.0'),
      course.putWithout(packument, '1.1.0'),
    ]);
    t.ok([200, 404].includes(tagged.status));
    t.ok([200, 409].includes(unpublished.status));
    const { versions, ...left } = await course.read();
    for (const version of Object.values(left['dist-tags'])) t.ok(version in versions);
  }
});
