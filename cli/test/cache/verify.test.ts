import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import t from 'tap';
import { contentPath } from '../../cache/content.ts';
import { verifyCache } from '../../cache/verify.ts';

t.test('sound content stays; damaged, missing and forgotten content is found and removed', async (t) => {
  const folder = t.testdir({});
  const put = async (key: string) => (await cacache.put(folder, `progy:tarball:https://r.test/${key}`, key)).toString();
  await put('sound');
  await writeFile(contentPath(folder, await put('damaged')), 'damagED');
  await rm(contentPath(folder, await put('missing')));
  const forgotten = contentPath(folder, 'sha512-AAAA');
  await mkdir(join(forgotten, '..'), { recursive: true });
  const verified = await verifyCache(folder);
  t.match(verified, { sound: 1, leftovers: 0, freed: 'damagED'.length });
  t.same(verified.damaged.map(({ url }) => url).sort(), ['https://r.test/damaged', 'https://r.test/missing']);
  t.match(await verifyCache(folder), { sound: 1, damaged: [], leftovers: 0, freed: 0 });
});

t.test('what no entry names goes, and so do old leftovers of downloads', async (t) => {
  const folder = t.testdir({});
  await cacache.put(folder, 'key', 'text');
  await cacache.rm.entry(folder, 'key');
  const old = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  for (const leftover of ['parts/aa.ZXRhZw', 'tmp/half']) {
    await mkdir(join(folder, leftover, '..'), { recursive: true });
    await writeFile(join(folder, leftover), 'half');
    await utimes(join(folder, leftover), old, old);
  }
  t.match(await verifyCache(folder), { sound: 0, leftovers: 3, freed: 12 });
});

t.test('an empty cache is in order', async (t) => {
  t.match(await verifyCache(join(t.testdir({}), 'nothing')), { sound: 0, damaged: [], leftovers: 0, freed: 0 });
});
