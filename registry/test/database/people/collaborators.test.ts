// Changing the maintainers of a course: a change planned from an old revision has no effect, however late it comes.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { isStale } from '../../../database/course-lock.ts';
import { openDatabase } from '../../../database/database.ts';
import { changeMaintainers } from '../../../database/people/collaborators.ts';
import { openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const db = openDatabase(registry.env.DB);
const diego = await registry.signUp('diego');
await registry.signUp('marta');
await registry.publish(diego, await packCourse('@diego/rust'));

const name = parsePackageName('@diego/rust');
const marta = String(await registry.env.DB.prepare("SELECT id FROM user WHERE username = 'marta'").first('id'));
const revision = async () => Number(await registry.env.DB.prepare('SELECT rev FROM registry_packages').first('rev'));
const addMarta = (rev: number) => {
  const at = new Date();
  const entry = { actor: null, action: 'owner add', subject: name.full, after: { user: 'marta' }, at } as const;
  return changeMaintainers(db, { name, rev, added: [marta], removed: [], entries: [entry], now: at });
};
const kept = async () => ({
  rev: await revision(),
  collaborators: (await registry.env.DB.prepare('SELECT * FROM registry_collaborators').all()).results.length,
  log: (await registry.env.DB.prepare("SELECT * FROM registry_audit_log WHERE action = 'owner add'").all()).results
    .length,
});

t.test('an old revision aborts all of it, the entry in the log too', async (t) => {
  const before = await kept();
  const error = await addMarta((await revision()) - 1).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  t.ok(isStale(error));
  t.same(await kept(), before);
});

t.test('the newest revision lets it through, and is the newest no more', async (t) => {
  const rev = await revision();
  await addMarta(rev);
  t.same(await kept(), { rev: rev + 1, collaborators: 1, log: 1 });
});
