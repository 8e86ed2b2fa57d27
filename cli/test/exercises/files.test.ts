// The files of an exercise: what is read, and what the student edits.
import t, { type Test } from 'tap';
import { exercisesIn, readModules } from '../../exercises/exercise.ts';
import { filesOf } from '../../exercises/files.ts';
import { workingCourseAround } from '../../exercises/working-course.ts';
import { startedCourse, startedFixture } from '../helpers/course-folder.ts';

async function filesIn(folder: string, number: number) {
  const working = await workingCourseAround(folder);
  const exercise = exercisesIn(await readModules(working))[number - 1];
  return exercise && filesOf(folder, working.course, exercise);
}

async function filesFor(t: Test, names: string[], exercises?: unknown) {
  const files = Object.fromEntries(names.map((name) => [`content/1_m/1_e/${name}`, '']));
  const found = await filesIn(await startedCourse(t, files, { content: { exercises } }), 1);
  return found?.toEdit.map((path) => path.slice('content/1_m/1_e/'.length));
}

t.test('the fixtures’ exercises have one file to edit each', async (t) => {
  const path = 'content/02_async/02_the_scribe';
  t.same(await filesIn(await startedFixture(t, 'javascript-quest'), 4), {
    readme: `${path}/README.md`,
    hints: undefined,
    toEdit: [`${path}/exercise.js`],
  });
  const sql = await filesIn(await startedFixture(t, 'sql-detective'), 6);
  t.same(sql?.toEdit, ['content/03_groups/02_the_culprit/exercise.sql']);
  t.same((await filesIn(await startedFixture(t, 'private-notes'), 1))?.toEdit, []);
});

t.test('files to edit are those that course.json names, or that are called so, or that are no material', async (t) => {
  const table: [names: string[], toEdit: string[], exercises?: unknown][] = [
    [
      ['a.py', 'b.py', 'README.md'],
      ['a.py', 'b.py'],
    ],
    [['a.py', 'b.py'], ['b.py'], 'content/**/b.py'],
    [['a.py', 'b.py'], ['b.py'], './content/*/*/b.py'],
    [['src/main.rs', 'src/lib.rs', 'Cargo.toml'], ['src/main.rs']],
    [['main.go', 'main_test.go', 'main.test.js'], ['main.go']],
    [['index.html', 'style.css'], ['index.html']],
    [['exercise.test.js', 'quiz.json', 'hints.md', 'logo.png', 'info.toml'], []],
    [['task.md', 'x.js'], ['task.md', 'x.js'], 'content'],
    [['exercise.js'], ['exercise.js'], 'content/**/nothing.js'],
  ];
  for (const [names, expected, exercises] of table) t.same(await filesFor(t, names, exercises), expected, names.join());
});

t.test('a glob that is made to be slow ends', async (t) => {
  const names = Array.from({ length: 300 }, (_, index) => `${'a'.repeat(200)}${index}.x`);
  t.equal((await filesFor(t, names, `content/**/${'*a'.repeat(5_000)}b`))?.length, 300);
});
