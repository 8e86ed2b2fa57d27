// What is kept of a student's progress, and how it is read back.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Exercise } from '../../exercises/exercise.ts';
import {
  afterMark,
  afterRun,
  changeProgress,
  followMoves,
  isDone,
  readProgress,
  withoutMark,
} from '../../exercises/progress.ts';

const NOW = new Date('2026-11-24T10:00:00Z');
const LATER = new Date('2026-11-25T10:00:00Z');

const exercise = (id: string): Exercise => ({
  id,
  number: 1,
  label: '1.1',
  title: id,
  module: 'm',
  name: id,
  path: `content/m/${id}`,
  hints: [],
});

async function withFile(folder: string, text: string): Promise<string> {
  await mkdir(join(folder, '.progy'));
  await writeFile(join(folder, '.progy/progress.json'), text);
  return folder;
}

t.test('attempts count until it passed, and the first success stays', async (t) => {
  const failed = afterRun(afterRun({}, false, NOW), false, NOW);
  t.same(failed, { attempts: 2 });
  const passed = afterRun(failed, true, NOW);
  t.same(passed, { attempts: 3, passedAt: NOW.toISOString() });
  t.equal(afterRun(passed, false, LATER), passed);
  t.equal(afterRun(passed, true, LATER), passed);
});

t.test('a mark by hand counts as done until it is taken back, and a test that passes replaces it', async (t) => {
  const marked = afterMark({ attempts: 1 }, NOW);
  t.same(marked, { attempts: 1, byHand: true, passedAt: NOW.toISOString() });
  t.same(withoutMark(marked), { attempts: 1 });
  t.equal(afterRun(marked, false, LATER), marked);
  t.same(afterRun(marked, true, LATER), { attempts: 2, passedAt: NOW.toISOString() });
});

t.test('the file has sorted keys, one to a line, and nothing beside it', async (t) => {
  const folder = t.testdir({});
  await changeProgress(folder, [], exercise('b/2'), (entry) => afterRun(entry, true, NOW));
  await changeProgress(folder, [], exercise('a/1'), (entry) => afterMark(entry, NOW));
  t.equal(
    await readFile(join(folder, '.progy/progress.json'), 'utf8'),
    `{
  "progressVersion": 1,
  "exercises": {
    "a/1": {
      "byHand": true,
      "passedAt": "2026-11-24T10:00:00.000Z"
    },
    "b/2": {
      "attempts": 1,
      "passedAt": "2026-11-24T10:00:00.000Z"
    }
  }
}
`,
  );
  t.same(await readdir(join(folder, '.progy')), ['progress.json']);
  t.ok(isDone(await readProgress(folder), exercise('a/1')));
});

t.test('fields that this progy does not know stay', async (t) => {
  const known = { progressVersion: 1, streak: 3, exercises: { 'a/1': { attempts: 1, mood: 'good' }, 'a/2': 'wrong' } };
  const folder = await withFile(t.testdir({}), JSON.stringify(known));
  await changeProgress(folder, [], exercise('a/1'), (entry) => afterRun(entry, false, NOW));
  t.match(JSON.parse(await readFile(join(folder, '.progy/progress.json'), 'utf8')), {
    streak: 3,
    exercises: { 'a/1': { attempts: 2, mood: 'good' } },
  });
});

t.test('a file of a newer progy is read and left alone', async (t) => {
  const text = JSON.stringify({ progressVersion: 2, exercises: { 'a/1': { passedAt: NOW.toISOString() } } });
  const folder = await withFile(t.testdir({}), text);
  const progress = await changeProgress(folder, [], exercise('a/2'), (entry) => afterMark(entry, NOW));
  t.equal(progress.state, 'newer');
  t.ok(isDone(progress, exercise('a/1')));
  t.equal(await readFile(join(folder, '.progy/progress.json'), 'utf8'), text);
});

t.test('a file with conflict marks counts as none, and is set aside before a new one is written', async (t) => {
  const text = '<<<<<<< HEAD\n{}\n=======\n';
  const folder = await withFile(t.testdir({}), text);
  t.equal((await readProgress(folder)).state, 'unreadable');
  await changeProgress(folder, [], exercise('a/1'), (entry) => afterMark(entry, NOW));
  t.same((await readdir(join(folder, '.progy'))).sort(), ['progress.json', 'progress.unreadable.json']);
  t.equal(await readFile(join(folder, '.progy/progress.unreadable.json'), 'utf8'), text);
});

t.test('no file is too strange to be read', async (t) => {
  for (const text of [
    '',
    'null',
    '[]',
    '7',
    '{"exercises":[]}',
    '{"exercises":{"a":null}}',
    '{"progressVersion":"x"}',
  ]) {
    const progress = await readProgress(await withFile(t.testdir({}), text));
    t.notOk(isDone(progress, exercise('a')), text);
  }
});

t.test('progress follows an exercise that its author moved, or gave an id', async (t) => {
  const at = (path: string, id = path): Exercise => {
    const [module = '', name = ''] = path.split('/');
    return { ...exercise(id), module, name };
  };
  const done = { passedAt: NOW.toISOString() };
  const table: [kept: string[], exercises: Exercise[], now: string[]][] = [
    [['1_a/1_b'], [at('1_a/2_b')], ['1_a/2_b']],
    [['1_a/1_b'], [at('3_c/07-b')], ['3_c/07-b']],
    [['1_a/1_b'], [at('1_a/1_b', 'the-b')], ['the-b']],
    [['1_a/1_b'], [at('1_a/1_b'), at('2_a/1_b')], ['1_a/1_b']],
    [['1_a/1_b'], [at('2_a/1_b'), at('3_a/1_b')], ['1_a/1_b']],
    [['1_a/1_b', '2_a/1_b'], [at('3_a/1_b')], ['1_a/1_b', '2_a/1_b']],
    [
      ['1_a/1_b', '1_a/2_c'],
      [at('1_a/1_c'), at('1_a/2_b')],
      ['1_a/2_b', '1_a/1_c'],
    ],
    [['gone'], [], ['gone']],
  ];
  for (const [kept, exercises, now] of table) {
    const progress = { entries: new Map(kept.map((id) => [id, done])), state: 'sound' as const, document: {} };
    t.same([...followMoves(progress, exercises).entries.keys()], now, kept.join());
  }
});

t.test('what followed is written under its new id', async (t) => {
  const text = JSON.stringify({ progressVersion: 1, exercises: { 'm/1_a': { attempts: 3 } } });
  const folder = await withFile(t.testdir({}), text);
  const moved = { ...exercise('m/2_a'), name: '2_a' };
  await changeProgress(folder, [moved], moved, (entry) => afterRun(entry, true, NOW));
  const { exercises } = JSON.parse(await readFile(join(folder, '.progy/progress.json'), 'utf8'));
  t.same(exercises, { 'm/2_a': { attempts: 4, passedAt: NOW.toISOString() } });
});
