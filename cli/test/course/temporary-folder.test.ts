import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import t from 'tap';
import { withTemporaryFolder } from '../../course/temporary-folder.ts';

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

t.test('what a killed run left behind goes with the next run; what is in use stays', async (t) => {
  const parent = t.testdir({ 'my-thesis': {}, '.progy-tmp-of-another-machine-1-x': {} });
  const module = new URL('../../course/temporary-folder.ts', import.meta.url).href;
  const script = `
    const { withTemporaryFolder } = await import(${JSON.stringify(module)});
    await withTemporaryFolder(${JSON.stringify(parent)}, async () => process.kill(process.pid, 'SIGKILL'));
  `;
  spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  t.equal((await readdir(parent)).length, 3, 'the killed run left its folder');
  await withTemporaryFolder(parent, async (mine) => {
    await withTemporaryFolder(parent, async () => {});
    t.same((await readdir(parent)).sort(), ['.progy-tmp-of-another-machine-1-x', basename(mine), 'my-thesis'].sort());
  });
});

t.test('a parent that is not there is an error, not a folder', async (t) => {
  const parent = t.testdir({});
  await t.rejects(
    withTemporaryFolder(join(parent, 'none'), async () => {}),
    { code: 'ENOENT' },
  );
});
