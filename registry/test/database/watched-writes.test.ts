// Noticing writes: everything that may have changed something is reported when it ends, even if it failed; reads are not.
import { sql } from 'drizzle-orm';
import t from 'tap';
import { openDatabase } from '../../database/database.ts';
import { registryPackages } from '../../database/schema/tables.ts';
import { watchWrites } from '../../database/watched-writes.ts';
import { openRegistry } from '../harness.ts';

const { env } = await openRegistry(t);
let writes = 0;
const watched = watchWrites(env.DB, () => writes++);
const db = openDatabase(watched);

/** How many writes were noticed in the course of some work. */
async function noticed(work: () => Promise<unknown>): Promise<number> {
  const before = writes;
  await work().catch(() => undefined);
  return writes - before;
}

const change = () => db.update(registryPackages).set({ rev: 1 });
const question = () => db.select().from(registryPackages);

t.test('a statement that changes something is noticed once, however it is run', async (t) => {
  t.equal(await noticed(() => change().run()), 1);
  t.equal(await noticed(() => change().returning()), 1, 'with rows');
  t.equal(await noticed(() => db.run(sql`DELETE FROM registry_packages`)), 1, 'in SQL');
  t.equal(
    await noticed(() => db.all(sql`WITH gone AS (SELECT 1) DELETE FROM registry_packages RETURNING id`)),
    1,
    'WITH',
  );
  t.equal(await noticed(() => watched.exec('DELETE FROM registry_packages')), 1, 'exec');
  t.equal(await noticed(() => watched.prepare('DELETE FROM registry_packages').first()), 1, 'first');
});

t.test('a batch is noticed once, if anything in it writes', async (t) => {
  t.equal(await noticed(() => db.batch([question(), change(), change()])), 1);
  t.equal(await noticed(() => db.batch([question(), question()])), 0);
});

t.test('a write that fails is noticed too', async (t) => {
  t.equal(await noticed(() => db.run(sql`UPDATE registry_packages SET nothing = 1`)), 1);
  t.equal(await noticed(() => db.batch([change(), db.run(sql`INSERT INTO nothing VALUES (1)`)])), 1);
});

t.test('questions are not noticed', async (t) => {
  t.equal(await noticed(() => question().all()), 0);
  t.equal(await noticed(() => db.all(sql`SELECT 1`)), 0);
  t.equal(await noticed(() => db.all(sql`WITH one AS (SELECT 1 AS updated) SELECT updated FROM one`)), 0, 'WITH');
});

t.test('answers come through as they are', async (t) => {
  const row = await db.all(sql`WITH one AS (SELECT 1 AS n) SELECT n FROM one`);
  t.same(row, [{ n: 1 }]);
  t.same(await watched.prepare('WITH one AS (SELECT 1 AS n) SELECT n FROM one').raw({ columnNames: true }), [
    ['n'],
    [1],
  ]);
  t.throws(() => watched.withSession());
});
