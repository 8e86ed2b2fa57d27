import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { withTemporaryFolder } from '../temporary-folder.ts';

t.test('the folder lives as long as the work, whether it succeeds or fails', async (t) => {
  const parent = t.testdir({});
  t.equal(
    await withTemporaryFolder(parent, async (folder) => {
      await writeFile(join(folder, 'x'), '');
      return (await readdir(parent)).length;
    }),
    1,
  );
  t.same(await readdir(parent), []);
  await t.rejects(
    withTemporaryFolder(parent, async () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.same(await readdir(parent), []);
});

t.test('what a killed run left behind goes after a day; what may be in use stays', async (t) => {
  const parent = t.testdir({ '.progy-tmp-old': { x: '' }, '.progy-tmp-new': {}, 'my-thesis': {} });
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  await utimes(join(parent, '.progy-tmp-old'), twoDaysAgo, twoDaysAgo);
  await utimes(join(parent, 'my-thesis'), twoDaysAgo, twoDaysAgo);
  await withTemporaryFolder(parent, async () => {});
  t.same((await readdir(parent)).sort(), ['.progy-tmp-new', 'my-thesis']);
});

t.test('a parent that is not there is an error, not a folder', async (t) => {
  const parent = t.testdir({});
  await t.rejects(
    withTemporaryFolder(join(parent, 'none'), async () => {}),
    { code: 'ENOENT' },
  );
});
