// The exercises of a course on disk: their order, titles, ids and hints.
import t, { type Test } from 'tap';
import { exercisesIn, readModules } from '../../exercises/exercise.ts';
import { workingCourseAround } from '../../exercises/working-course.ts';
import { startedCourse, startedFixture } from '../helpers/course-folder.ts';

async function modulesOf(t: Test, files: Record<string, string>, course: object = {}) {
  return readModules(await workingCourseAround(await startedCourse(t, files, course)));
}

t.test('a fixture course has the exercises that its outline shows', async (t) => {
  const modules = await readModules(await workingCourseAround(await startedFixture(t, 'rust-mastery')));
  t.same(
    modules.map(({ title, exercises }) => [title, exercises.length]),
    [
      ['Ownership', 3],
      ['Enums and pattern matching', 2],
      ['Traits', 3],
    ],
  );
  t.same(exercisesIn(modules)[3], {
    id: '02_enums/01_a_parcel_on_its_way',
    number: 4,
    label: '2.1',
    title: 'A parcel on its way',
    module: '02_enums',
    name: '01_a_parcel_on_its_way',
    path: 'content/02_enums/01_a_parcel_on_its_way',
    hints: [],
  });
});

t.test('a module without exercises keeps its number', async (t) => {
  const modules = await readModules(await workingCourseAround(await startedFixture(t, 'sql-detective')));
  t.same(
    modules.map(({ exercises }) => exercises.map(({ label }) => label)),
    [[], ['2.1', '2.2'], ['3.1', '3.2'], ['4.1', '4.2']],
  );
});

t.test('what programs and people leave between exercises is no exercise', async (t) => {
  const modules = await modulesOf(t, {
    'content/10_last/1_b/x.js': '',
    'content/2_first/10_b/x.js': '',
    'content/2_first/9_a/deep/er/x.js': '',
    'content/2_first/node_modules/a/index.js': '',
    'content/2_first/target/debug/a': '',
    'content/2_first/__pycache__/a.pyc': '',
    'content/2_first/.vscode/settings.json': '{}',
    'content/.git/HEAD': '',
    'content/notes.md': '',
  });
  t.same(
    exercisesIn(modules).map(({ path }) => path),
    ['content/2_first/9_a', 'content/2_first/10_b', 'content/10_last/1_b'],
  );
});

t.test('ids and hints come from info.toml, and before that from course.json', async (t) => {
  const files = {
    'content/01_go/info.toml': [
      '[exercises]',
      'a = { title = "Alpha", id = "alpha", hint = "One" }',
      'b = "Just a title"',
      'c = { id = "alpha", hints = ["1", " ", "2"] }',
      'd = { id = 5, hint = 6 }',
      '[exercises.e]',
      'id = "toml"',
    ].join('\n'),
    ...Object.fromEntries([...'abcde'].map((name) => [`content/01_go/${name}/x.go`, ''])),
  };
  const listed = { path: 'content/01_go/e', id: 'listed', hints: ['L'] };
  const byPath = { '01_go/e': { id: 'listed', hints: ['L'] } };
  for (const exercises of [[listed, { wrong: true }, 7], byPath]) {
    const found = exercisesIn(await modulesOf(t, files, { content: { exercises } }));
    t.same(
      found.map(({ id, title, hints }) => [id, title, hints]),
      [
        ['alpha', 'Alpha', ['One']],
        ['01_go/b', 'Just a title', []],
        ['01_go/c', 'C', ['1', '2']],
        ['01_go/d', 'D', []],
        ['listed', 'E', ['L']],
      ],
    );
  }
});

t.test('a path in course.json may be written in any way that leads to its exercise', async (t) => {
  for (const path of [
    '01_go/a',
    '01_go/a/',
    './01_go/a',
    'content/01_go/a',
    './content/01_go/a/',
    '././01_go/a',
    '01_go//a',
    '01_go/a//',
    '01_go/./a',
    'content//01_go/a/.',
    '01_go\\a',
  ])
    for (const exercises of [[{ path, id: 'given' }], { [path]: { id: 'given' } }]) {
      const found = await modulesOf(t, { 'content/01_go/a/x.go': '' }, { content: { exercises } });
      t.equal(exercisesIn(found)[0]?.id, 'given', JSON.stringify(exercises));
    }
});

t.test('an author’s own folder is a course too; anything else is none', async (t) => {
  const folder = await startedFixture(t, 'private-notes');
  t.match(await workingCourseAround(`${folder}/content/01_before_class`), { folder, lock: { version: '0.3.0' } });
  const own = t.testdir({ 'course.json': '{"name":"@a/b","version":"1.0.0"}', deep: {} });
  t.match(await workingCourseAround(`${own}/deep`), { folder: own, lock: undefined });
  await t.rejects(workingCourseAround('/'), { code: 'NOT_IN_A_COURSE' });
});

t.test('content outside of the course is none', async (t) => {
  const outside = t.testdir({ '1_a': { '1_b': { 'x.js': '' } } });
  for (const root of ['..', '../..', outside, 'content/../..', '/'])
    t.same(await modulesOf(t, { 'content/1_a/1_b/x.js': '' }, { content: { root } }), [], root);
});

t.test('a course without content has no exercises', async (t) => {
  t.same(await modulesOf(t, {}), []);
  t.same(await modulesOf(t, { content: 'a file' }), []);
});
