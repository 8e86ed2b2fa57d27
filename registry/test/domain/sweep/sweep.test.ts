// The sweep: it deletes what dead publishes and unpublished versions left behind, and keeps what a version names.
import t from 'tap';
import { contextOf } from '../../../context.ts';
import { sweep } from '../../../domain/sweep/sweep.ts';
import { openRegistry, packCourse } from '../../harness.ts';
import { Course } from '../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const HOUR_MS = 3_600_000;
const diego = await registry.signUp('diego');

async function noteAttempt(id: string, keys: string[]): Promise<void> {
  await registry.env.DB.prepare('INSERT INTO registry_publish_attempts (id, user_id, keys) VALUES (?, ?, ?)')
    .bind(id, 'somebody', JSON.stringify(keys))
    .run();
}

/** Of courses: the same cron also keeps progy itself. */
async function keys(): Promise<string[]> {
  const all = (await registry.env.R2.list()).objects.map(({ key }) => key);
  return all.filter((key) => !key.startsWith('clients/')).sort();
}

t.test('objects of attempts older than an hour are deleted, unless a version names them', async (t) => {
  await registry.publish(diego, await packCourse('@diego/kept'));
  const published = await keys();
  const orphans = ['staging/dead.progy', 'packages/@diego/dead/v1.0.0-dead.tgz'];
  for (const key of orphans) await registry.env.R2.put(key, 'bytes');
  await noteAttempt('dead', orphans);
  await noteAttempt('committed-but-unsure', published);

  await registry.scheduled(new Date());
  t.equal((await keys()).length, 4, 'an attempt may still be running');

  await registry.scheduled(new Date(Date.now() + 2 * HOUR_MS));
  t.same(await keys(), published);
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
  t.equal((await registry.fetch('/@diego/kept/-/kept-1.0.0.tgz')).status, 200);
});

/** The sweep as it will run in so many hours. */
const sweepIn = (hours: number) => registry.scheduled(new Date(Date.now() + hours * HOUR_MS));

t.test('bytes of an unpublished version are kept for a day, then deleted, and those of the others never', async (t) => {
  const course = new Course(registry, diego, '@diego/gone');
  for (const version of ['1.0.0', '1.1.0']) await course.publish(version);
  const keysOf = async (version: string) =>
    (await keys()).filter((key) => key.startsWith(`packages/@diego/gone/v${version}`));
  await course.putWithout(await course.read(), '1.1.0');
  await sweepIn(23);
  t.equal((await keysOf('1.1.0')).length, 2);
  await sweepIn(25);
  t.same(await keysOf('1.1.0'), []);
  t.equal((await keysOf('1.0.0')).length, 2);
  t.equal((await registry.fetch('/@diego/gone/-/gone-1.0.0.tgz')).status, 200);
  t.match(await course.publish('1.1.0'), { status: 409, body: { code: 'VERSION_EXISTS' } }, 'the number stays used');
});

t.test(
  'a run that died between bytes and row is repeated by the next, which then leaves the version alone',
  async (t) => {
    const course = new Course(registry, diego, '@diego/crashed');
    await course.publish('1.0.0');
    await course.deleteAll((await course.read())._rev);
    const named = (await keys()).filter((key) => key.includes('crashed'));
    for (const key of named) await registry.env.R2.delete(key);
    const sweptAt = () =>
      registry.env.DB.prepare(
        "SELECT swept_at FROM registry_versions WHERE tarball_key LIKE '%@diego/crashed/%'",
      ).first<number>('swept_at');
    t.equal(await sweptAt(), null);
    await sweepIn(25);
    const swept = await sweptAt();
    t.type(swept, 'number');
    await sweepIn(26);
    t.equal(await sweptAt(), swept);
  },
);

t.test('an object that a version names is never deleted, even if an unpublished one names it too', async (t) => {
  const course = new Course(registry, diego, '@diego/shared');
  for (const version of ['1.0.0', '1.1.0']) await course.publish(version);
  await course.putWithout(await course.read(), '1.1.0');
  await registry.env.DB.prepare(
    `UPDATE registry_versions SET tarball_key = (SELECT tarball_key FROM registry_versions WHERE tarball_key LIKE '%/shared/v1.0.0%')
     WHERE tarball_key LIKE '%/shared/v1.1.0%'`,
  ).run();
  await sweepIn(25);
  t.equal((await registry.fetch('/@diego/shared/-/shared-1.0.0.tgz')).status, 200);
});

t.test('what storage does not delete stays noted, and the next run deletes it', async (t) => {
  const orphan = 'staging/stubborn.progy';
  await registry.env.R2.put(orphan, 'bytes');
  await noteAttempt('stubborn', [orphan]);
  const later = { ...contextOf(registry.env), now: () => new Date(Date.now() + 2 * HOUR_MS) };
  const refusing = async () => Promise.reject(new Error('storage is away'));
  const broken = { ...later, artifacts: { ...later.artifacts, delete: refusing } };
  await t.rejects(sweep(broken), { message: 'storage is away' });
  t.ok((await keys()).includes(orphan));
  t.match(await sweep(later), { attempts: 1, objects: 1 });
  t.notOk((await keys()).includes(orphan));
  t.same(await sweep(later), { attempts: 0, versions: 0, objects: 0 });
});
