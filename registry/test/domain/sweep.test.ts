// The sweep: what dead publishes left behind goes, what a version names stays.
import t from 'tap';
import { openRegistry, packCourse } from '../harness.ts';

const registry = await openRegistry(t);
const HOUR_MS = 3_600_000;

async function noteAttempt(id: string, keys: string[]): Promise<void> {
  await registry.env.DB.prepare('INSERT INTO registry_publish_attempts (id, user_id, keys) VALUES (?, ?, ?)')
    .bind(id, 'somebody', JSON.stringify(keys))
    .run();
}

async function keys(): Promise<string[]> {
  return (await registry.env.R2.list()).objects.map(({ key }) => key).sort();
}

t.test('objects of attempts older than an hour are deleted, unless a version names them', async (t) => {
  const diego = await registry.signUp('diego');
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
