import { join } from 'node:path';
import t from 'tap';
import { run, views } from '../../commands/diff.ts';
import { printLines } from '../../terminal/styled.ts';
import { began, lines } from '../helpers/term.ts';

t.test('it shows what the student changed, line by line', async (t) => {
  const { ana } = await began(t, {
    'a.txt': lines(1, 9),
    'b.txt': 'b\n',
    'c.png': Buffer.from([0, 1]),
    'content/a/b/x.js': 'x\n',
  });
  t.equal(printLines(views.human(await run({}, ana.context)), false), 'Nothing differs from @diego/term 1.0.0');
  await ana.write({
    'a.txt': lines(1, 9, { 5: 'mine' }).replaceAll('\n', '\r\n'),
    'b.txt': null,
    'c.png': Buffer.from([0, 2]),
    'own.txt': 'own\n',
    'content/a/b/x.js': 'y\n',
  });
  t.equal(
    printLines(views.human(await run({}, ana.context)), false),
    [
      '--- a/a.txt',
      '+++ b/a.txt',
      '@@ -2,7 +2,7 @@',
      ' line 2',
      ' line 3',
      ' line 4',
      '-line 5',
      '+mine',
      ' line 6',
      ' line 7',
      ' line 8',
      '--- a/b.txt',
      '+++ /dev/null',
      '@@ -1,1 +0,0 @@',
      '-b',
      '--- a/c.png',
      '+++ b/c.png',
      'Files differ',
      '--- a/content/a/b/x.js',
      '+++ b/content/a/b/x.js',
      '@@ -1,1 +1,1 @@',
      '-x',
      '+y',
      '--- /dev/null',
      '+++ b/own.txt',
      '@@ -0,0 +1,1 @@',
      '+own',
    ].join('\n'),
  );
  const paths = async (path: string, cwd = ana.folder) =>
    (await run({ path }, { ...ana.context, cwd })).files.map((file) => file.path);
  t.same(await paths('own.txt'), ['own.txt']);
  t.same(await paths('content'), ['content/a/b/x.js']);
  t.same(await paths('b'), ['content/a/b/x.js'], 'an exercise by its folder');
  t.same(
    await paths('.', join(ana.folder, 'content', 'a')),
    ['content/a/b/x.js'],
    'seen from where the student stands',
  );
  t.same(await paths('course.json'), [], 'what is as published');
  await t.rejects(run({ path: 'nothing' }, ana.context), { code: 'EXERCISE_NOT_FOUND' });
});
