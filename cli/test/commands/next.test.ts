// Where a student is in a course, from outside.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import stringWidth from 'string-width';
import t from 'tap';
import { progyIn, startedCourse, startedFixture } from '../helpers/course-folder.ts';

t.test('next shows the first open exercise: its text, its files, and one command', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  const { code, stdout, stderr } = await progyIn({ cwd }, 'next');
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /^Exercise 1 of 6, 0 done\n\nThe treasure map\n═+\n/);
  t.match(stdout, '\n    words.map(word => word.toUpperCase())     // [');
  t.ok(stdout.endsWith('\n\nEdit: content/01_functions/01_the_treasure_map/exercise.js\nNext: progy test\n'));
  t.notMatch(stdout, '\u001b');
});

t.test('from inside another exercise the paths are those to type there', async (t) => {
  const folder = await startedFixture(t, 'javascript-quest');
  const { stdout } = await progyIn({ cwd: join(folder, 'content/02_async') }, 'next');
  t.match(stdout, '\nEdit: ../01_functions/01_the_treasure_map/exercise.js\n');
});

t.test('a terminal of 40 columns is enough, with colours or without', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  const coloured = await progyIn({ cwd, columns: 40 }, 'next');
  t.match(coloured.stdout, '\u001b[1mThe treasure map\u001b[22m');
  const bare = await progyIn({ cwd, columns: 40, env: { NO_COLOR: '1' } }, 'next');
  t.notMatch(bare.stdout, '\u001b');
  const [text = ''] = bare.stdout.split('\nEdit: ');
  for (const line of text.split('\n')) t.ok(stringWidth(line) <= 40, line);
});

t.test('done moves on, and can be taken back', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  t.match(await progyIn({ cwd }, 'done'), { code: 0, stdout: '1.1 The treasure map is done\n\nNext: progy next\n' });
  t.match((await progyIn({ cwd }, 'next')).stdout, /^Exercise 2 of 6, 1 done\n\nThe gatekeeper\n/);
  t.match((await progyIn({ cwd }, 'done', 'treasure', '--undo')).stdout, '1.1 The treasure map is not done\n');
  t.match((await progyIn({ cwd }, 'next')).stdout, /^Exercise 1 of 6, 0 done\n/);
  t.match(JSON.parse((await progyIn({ cwd }, 'done', '2.1', '--json')).stdout), {
    success: true,
    exercise: { id: '02_async/01_the_slow_messenger' },
    done: true,
    next: '01_functions/01_the_treasure_map',
  });
});

t.test('list shows every module and marks what is done and what is next', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  await progyIn({ cwd }, 'done', '1.1');
  t.equal(
    (await progyIn({ cwd }, 'list')).stdout,
    `JavaScript Quest: 1 of 6 done

1. Functions
  ✓ 1.1  The treasure map
  → 1.2  The gatekeeper

2. Async
  · 2.1  The slow messenger
  · 2.2  The scribe

3. Collections
  · 3.1  The market stall
  · 3.2  The endless staircase

Next: progy next
`,
  );
  const json = JSON.parse((await progyIn({ cwd }, 'list', '--json')).stdout);
  t.match(json, { done: 1, total: 6, current: '01_functions/02_the_gatekeeper' });
  t.match(json.modules[0].exercises[0], { number: 1, label: '1.1', done: true, passedAt: /^2\d{3}-/, attempts: 0 });
});

t.test('at the end it congratulates', async (t) => {
  const cwd = await startedCourse(t, { 'content/1_a/1_b/README.md': 'Hi' }, { title: 'Short', keywords: ['rust'] });
  t.match((await progyIn({ cwd }, 'next')).stdout, 'Exercise 1 of 1, 0 done\n\nHi\n\nNext: progy test\n');
  t.match((await progyIn({ cwd }, 'done')).stdout, 'All exercises are done');
  const { stdout } = await progyIn({ cwd }, 'next');
  t.equal(
    stdout,
    'You have done the one exercise of Short. Well done!\n\nNext: find another course: progy search rust\n',
  );
  t.match(JSON.parse((await progyIn({ cwd }, 'next', '--json')).stdout), { done: 1, total: 1, exercise: null });
  t.match((await progyIn({ cwd }, 'list')).stdout, 'All are done.');
  t.match((await progyIn({ cwd }, 'done')).stderr, 'All exercises are done (EXERCISE_NOT_FOUND)');
});

t.test('what an author wrote cannot act on the terminal', async (t) => {
  const files = {
    'content/1_a/info.toml': '[module]\ntitle = "\\u001b[2JA"\n[exercises]\n1_b = "\\u202eB"\n2_c = "C"',
    'content/1_a/1_b/README.md': '# \u001b]0;owned\u0007\n\n\u001b[31m',
    'content/1_a/2_c/x.js': '',
  };
  const cwd = await startedCourse(t, files, { title: '\u001b[5mT' });
  for (const command of [['next'], ['list'], ['done'], ['next']]) {
    const { stdout, stderr } = await progyIn({ cwd, env: { NO_COLOR: '1' } }, ...command);
    t.notMatch(stdout + stderr, /[\u001b\u0007\u202e]/, command.join());
  }
});

t.test('a course without exercises, and no course at all, say so', async (t) => {
  const empty = await startedCourse(t, {}, { title: 'Empty' });
  t.match((await progyIn({ cwd: empty }, 'next')).stdout, 'Empty has no exercises. Read its README.md.\n');
  t.match((await progyIn({ cwd: empty }, 'list')).stdout, 'This course has no exercises.');
  const { code, stderr } = await progyIn({ cwd: '/' }, 'next');
  t.equal(code, 1);
  t.match(stderr, '/ is not inside a course (NOT_IN_A_COURSE)\nNext: ');
});

t.test('progress that git could not merge is never lost', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  await progyIn({ cwd }, 'done');
  const path = join(cwd, '.progy/progress.json');
  const text = `<<<<<<< HEAD\n${await readFile(path, 'utf8')}`;
  await writeFile(path, text);
  t.match((await progyIn({ cwd }, 'next')).stderr, '.progy/progress.json is not JSON');
  await progyIn({ cwd }, 'done', '2');
  t.equal(await readFile(join(cwd, '.progy/progress.unreadable.json'), 'utf8'), text);
});

t.test('an update that was interrupted is put right first', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  const unfinished = join(cwd, '.progy/backup/unfinished');
  for (const command of ['next', 'list', 'check']) {
    await mkdir(join(cwd, '.progy/backup'), { recursive: true });
    await writeFile(unfinished, '');
    await progyIn({ cwd }, command);
    t.notOk(existsSync(unfinished), command);
  }
});
