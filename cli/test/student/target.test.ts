import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { withTemporaryFolder } from '../../course/temporary-folder.ts';
import { checkTarget, moveIntoPlace } from '../../student/target.ts';

t.test('a target is free if nothing is there, or an empty folder', async (t) => {
  const root = t.testdir({ empty: {}, full: { 'thesis.txt': 'years' }, file: 'x' });
  await symlink('empty', join(root, 'link'));
  await symlink('nowhere', join(root, 'dangling'));
  t.match(await checkTarget(join(root, 'new')), { state: 'absent', existingParent: root });
  t.match(
    await checkTarget(join(root, 'a', 'b', 'c')),
    { state: 'absent', existingParent: root },
    'the nearest folder that exists',
  );
  t.match(await checkTarget(join(root, 'empty')), { state: 'empty', existingParent: root });
  const taken: Record<string, string> = {
    full: 'is not empty',
    file: 'is a file',
    link: 'is a link',
    dangling: 'is a link',
  };
  for (const [name, problem] of Object.entries(taken)) {
    const message = `${join(root, name)} ${problem}. Your files are untouched`;
    await t.rejects(checkTarget(join(root, name)), { code: 'TARGET_NOT_EMPTY', message }, name);
  }
  t.equal(await readFile(join(root, 'full', 'thesis.txt'), 'utf8'), 'years');
});

t.test('a finished folder is moved to its target, making the folders above', async (t) => {
  const root = t.testdir({ done: { 'a.md': '' }, empty: {} });
  await moveIntoPlace(join(root, 'done'), await checkTarget(join(root, 'x', 'y')), root);
  t.same(await readdir(join(root, 'x', 'y')), ['a.md']);
  await moveIntoPlace(join(root, 'x', 'y'), await checkTarget(join(root, 'empty')), root);
  t.same(await readdir(join(root, 'empty')), ['a.md']);
});

t.test('the folder that the person stands in is filled, not replaced', async (t) => {
  const root = t.testdir({ done: { 'a.md': '', content: {} }, here: {} });
  const here = join(root, 'here');
  const { ino } = await stat(here);
  await moveIntoPlace(join(root, 'done'), await checkTarget(here), here);
  t.equal((await stat(here)).ino, ino);
  t.same((await readdir(here)).sort(), ['a.md', 'content']);
});

t.test('what appeared at the target meanwhile is never replaced', async (t) => {
  const root = t.testdir({ done: { 'a.md': '' }, empty: {} });
  const absent = await checkTarget(join(root, 'new'));
  const empty = await checkTarget(join(root, 'empty'));
  await mkdir(join(root, 'new'));
  await writeFile(join(root, 'new', 'thesis.txt'), '');
  await writeFile(join(root, 'empty', 'thesis.txt'), '');
  await t.rejects(moveIntoPlace(join(root, 'done'), absent, root), { code: 'TARGET_NOT_EMPTY' });
  await t.rejects(moveIntoPlace(join(root, 'done'), empty, root), { code: 'ENOTEMPTY' });
  t.same(await readdir(join(root, 'done')), ['a.md']);
  t.same(await readdir(join(root, 'empty')), ['thesis.txt']);
});

t.test('what a killed run had begun to move into the folder is moved to its end by the next', async (t) => {
  const parent = t.testdir({ here: {} });
  const here = join(parent, 'here');
  const module = new URL('../../student/target.ts', import.meta.url).href;
  const temporaries = new URL('../../course/temporary-folder.ts', import.meta.url).href;
  const script = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const [parent, here, deaths] = process.argv.slice(2);
    const rename = fs.rename;
    let moves = 0;
    fs.rename = async (from, to) => {
      if (moves++ === Number(deaths)) process.kill(process.pid, 'SIGKILL');
      return rename(from, to);
    };
    syncBuiltinESMExports();
    const { checkTarget, moveIntoPlace } = await import(${JSON.stringify(module)});
    const { withTemporaryFolder } = await import(${JSON.stringify(temporaries)});
    const target = await checkTarget(here);
    await withTemporaryFolder(parent, async (temporary) => {
      const course = temporary + '/try/course';
      await fs.mkdir(course + '/content', { recursive: true });
      for (const name of ['a.md', 'progy-lock.json', 'z.md']) await fs.writeFile(course + '/' + name, name);
      await moveIntoPlace(course, target, here);
    });
  `;
  await writeFile(join(parent, 'dies.mjs'), script);
  for (const deaths of [0, 1, 2, 3]) {
    await rm(here, { recursive: true });
    await mkdir(here);
    const died = promisify(execFile)(process.execPath, [join(parent, 'dies.mjs'), parent, here, String(deaths)]);
    t.match(
      await died.then(
        () => undefined,
        (error) => error,
      ),
      { signal: 'SIGKILL' },
    );
    t.notOk((await readdir(here)).includes('progy-lock.json'), 'without a lock it is no course yet');
    await withTemporaryFolder(parent, async () => {});
    await t.rejects(checkTarget(here), { code: 'TARGET_NOT_EMPTY', message: /is a whole course now/ });
    t.same(
      (await readdir(here)).sort(),
      ['a.md', 'content', 'progy-lock.json', 'z.md'],
      `killed before move ${deaths}`,
    );
    t.same((await readdir(parent)).sort(), ['dies.mjs', 'here'], 'nothing is left behind');
    await t.rejects(checkTarget(here), { code: 'TARGET_NOT_EMPTY', message: /is not empty/ });
  }
});
