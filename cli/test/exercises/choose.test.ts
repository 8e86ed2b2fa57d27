// Which exercise a person means.
import { join } from 'node:path';
import t from 'tap';
import { chooseExercise, exerciseAround } from '../../exercises/choose.ts';
import type { Exercise } from '../../exercises/exercise.ts';

const FOLDER = '/home/ana/rust';

const exercises = (
  [
    ['01_loops', '01_intro', 'For ever', undefined],
    ['01_loops', '02_while', 'While it lasts', 'while-id'],
    ['02_files', '01_intro', 'Reading Straße', undefined],
    ['02_files', '02_write', 'Writing', undefined],
  ] as const
).map(([module, name, title, id], index): Exercise => {
  const label = `${Number(module.slice(0, 2))}.${Number(name.slice(0, 2))}`;
  const path = `content/${module}/${name}`;
  return { id: id ?? `${module}/${name}`, number: index + 1, label, title, module, name, path, hints: [] };
});

const choose = (words: string, cwd = FOLDER) => chooseExercise(words, exercises, { folder: FOLDER, cwd }).number;

t.test('by number, id, folder, path or a part of the title', async (t) => {
  const table: [words: string, number: number, cwd?: string][] = [
    ['3', 3],
    ['03', 3],
    ['1.2', 2],
    ['2.1', 3],
    ['while-id', 2],
    ['01_loops/02_while', 2],
    ['02_write', 4],
    ['content/02_files/01_intro', 3],
    ['content/02_files/01_intro/', 3],
    ['./content/02_files/01_intro/src/main.rs', 3],
    ['../02_files/02_write', 4, join(FOLDER, 'content/01_loops')],
    ['.', 2, join(FOLDER, 'content/01_loops/02_while/src')],
    [join(FOLDER, 'content/02_files/02_write/x.rs'), 4],
    ['writing', 4],
    ['LASTS', 2],
    ['straße', 3],
    ['while', 2],
  ];
  for (const [words, number, cwd] of table) t.equal(choose(words, cwd), number, words);
});

t.test('words that mean several list them; words that mean none say so', async (t) => {
  t.throws(() => choose('01_intro'), {
    code: 'EXERCISE_AMBIGUOUS',
    message: '"01_intro" can mean 2 exercises: 1.1 For ever, 2.1 Reading Straße',
    next: 'Use its number from: progy list',
  });
  for (const words of ['5', '0', '3.1', '', ' ', 'nope\u001b[2J', '/etc', '..'])
    t.throws(() => choose(words), { code: 'EXERCISE_NOT_FOUND', next: 'See them all: progy list' }, words);
  t.throws(() => choose('\u001b'), { message: 'No exercise is "\\u{1b}"' });
  t.throws(() => chooseExercise('1', [], { folder: FOLDER, cwd: FOLDER }), { message: 'This course has no exercises' });
});

t.test('the exercise around a folder', async (t) => {
  const around = (path: string) => exerciseAround(exercises, { folder: FOLDER, cwd: join(FOLDER, path) })?.number;
  t.equal(around('content/01_loops/02_while/src'), 2);
  t.equal(around('content/01_loops'), undefined);
  t.equal(around('content/01_loops/02_while2'), undefined);
});
