// Writing downloads: the cost of a busy second, and a total equal to writing each one separately.
import t from 'tap';
import { openDatabase } from '../../../database/database.ts';
import {
  addDownloads,
  countByDay,
  countByVersion,
  downloadWeight,
  startOfDay,
} from '../../../database/read/downloads.ts';
import { openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const token = await registry.signUp('diego');
for (const slug of ['rust', 'go'])
  for (const version of ['1.0.0', '1.1.0']) await registry.publish(token, await packCourse(`@diego/${slug}`, version));
const { results: versions } = await registry.env.DB.prepare(
  'SELECT id AS versionId, package_id AS packageId FROM registry_versions ORDER BY rowid',
).all<{ versionId: string; packageId: string }>();

/** Rows that D1 counts as written, by its own account. */
let rowsWritten = 0;
const db = openDatabase({
  prepare: (query) => registry.env.DB.prepare(query),
  exec: (query) => registry.env.DB.exec(query),
  dump: () => registry.env.DB.dump(),
  withSession: () => registry.env.DB.withSession(),
  batch: async <T>(statements: Parameters<typeof registry.env.DB.batch>[0]) => {
    const results = await registry.env.DB.batch<T>(statements);
    rowsWritten += results.reduce((rows, { meta }) => rows + meta.rows_written, 0);
    return results;
  },
});

const TODAY = startOfDay(new Date('2026-11-24T12:00:00Z'));
const YESTERDAY = startOfDay(new Date('2026-11-23T12:00:00Z'));

t.test('downloads of a second are added to what is there, by version and day', async (t) => {
  const [first, second, third] = versions;
  if (!first || !second || !third) throw new Error('Four versions were published');
  await addDownloads(db, [
    { ...first, day: YESTERDAY, count: 2 },
    { ...first, day: TODAY, count: 3 },
    { ...second, day: TODAY, count: 5 },
    { ...third, day: TODAY, count: 7 },
  ]);
  await addDownloads(db, [{ ...first, day: TODAY, count: 1 }]);
  t.same(await countByDay(db, first.packageId, YESTERDAY, TODAY), [
    { day: YESTERDAY, downloads: 2 },
    { day: TODAY, downloads: 9 },
  ]);
  t.same((await countByVersion(db, first.packageId, TODAY, TODAY)).map(({ downloads }) => downloads).sort(), [4, 5]);
  t.same(await countByDay(db, third.packageId, YESTERDAY, TODAY), [{ day: TODAY, downloads: 7 }]);
  const decayed = await registry.env.DB.prepare(
    'SELECT decayed_downloads AS n FROM registry_packages ORDER BY rowid',
  ).raw();
  const expected = [2 * downloadWeight(YESTERDAY) + 9 * downloadWeight(TODAY), 7 * downloadWeight(TODAY)];
  for (const [i, [n]] of (decayed as [number][]).entries())
    t.ok(Math.abs(n - (expected[i] ?? 0)) < 1e-9, `course ${i}`);
});

t.test('a second of 200 downloads of four versions writes less than 0.05 rows for each', async (t) => {
  rowsWritten = 0;
  const counts = versions.map((version) => ({ ...version, day: TODAY, count: 50 }));
  for (let second = 0; second < 10; second++) await addDownloads(db, counts);
  const downloads = 10 * 4 * 50;
  t.ok(rowsWritten > 0);
  t.ok(rowsWritten / downloads <= 0.05, `${rowsWritten} rows for ${downloads} downloads`);
  t.comment(`${rowsWritten / downloads} rows a download`);
});
