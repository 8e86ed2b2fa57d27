import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
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
