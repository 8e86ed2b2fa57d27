// The outline of a course: which folders are modules and exercises, their order, and what is left out of a large one.
import t, { type Test } from 'tap';
import { parseCourse } from '../../course/course.ts';
import type { CourseFile } from '../../course/course-files.ts';
import { MAX_OUTLINE_BYTES, OutlineReader, outlineSchema } from '../../course/outline.ts';

type Files = Record<string, string>;

function course(fields: object = {}) {
  return parseCourse(Buffer.from(JSON.stringify({ name: '@diego/rust', version: '1.0.0', ...fields })));
}

async function* filesOf(files: Files): AsyncIterable<CourseFile> {
  for (const [path, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    // Pieces share one buffer, as those of an archive may: a reader that keeps one must copy it.
    const content = async function* () {
      const shared = new Uint8Array(7);
      for (let at = 0; at < bytes.length; at += 7) {
        const part = bytes.subarray(at, at + 7);
        shared.set(part);
        yield shared.subarray(0, part.length);
      }
    };
    yield { path, mode: '100644', size: bytes.length, content: content() };
  }
}

async function outlineOf(t: Test, files: Files, fields?: object) {
  const reader = new OutlineReader(course(fields));
  const passed: Files = {};
  for await (const { path, content } of reader.watch(filesOf(files))) {
    const chunks: Uint8Array[] = [];
    for await (const piece of content) chunks.push(Uint8Array.from(piece));
    passed[path] = Buffer.concat(chunks).toString();
  }
  t.same(passed, files, 'files pass unchanged');
  return reader.outline();
}

t.test('modules are the folders of the content, exercises the folders in them, in their order', async (t) => {
  const outline = await outlineOf(t, {
    'README.md': '# The course',
    'content/README.md': '# Not a module',
    'content/10_files/1_read/exercise.rs': 'fn main() {}',
    'content/02_loops/README.md': '# Loops, again and again',
    'content/02_loops/10_nested/deep/README.md': '# Not the title',
    'content/02_loops/10_nested/README.md': '# Nested loops',
    'content/02_loops/9_simple/exercise.rs': '# Not Markdown',
    'content/02_loops/quiz.json': '{}',
    'content/00_case/seed.sql': 'SELECT 1',
    'assets/01_logo/a/b.png': '',
  });
  t.same(outline, {
    moduleCount: 3,
    exerciseCount: 3,
    modules: [
      { id: '00_case', title: 'Case', exerciseCount: 0, exercises: [] },
      {
        id: '02_loops',
        title: 'Loops, again and again',
        exerciseCount: 2,
        exercises: [
          { id: '9_simple', title: 'Simple' },
          { id: '10_nested', title: 'Nested loops' },
        ],
      },
      { id: '10_files', title: 'Files', exerciseCount: 1, exercises: [{ id: '1_read', title: 'Read' }] },
    ],
  });
});

t.test('info.toml is believed before READMEs, whichever comes first', async (t) => {
  const files = {
    'content/01/a/README.md': '# Heading of a',
    'content/01/b/readme.md': '# Heading of b',
    'content/01/README.md': '# Heading',
    'content/01/info.toml': '[module]\ntitle = "Title"\n[exercises]\na = "Title of a"\n',
  };
  for (const entries of [Object.entries(files), Object.entries(files).reverse()]) {
    t.match(await outlineOf(t, Object.fromEntries(entries)), {
      modules: [
        {
          title: 'Title',
          exercises: [
            { id: 'a', title: 'Title of a' },
            { id: 'b', title: 'Heading of b' },
          ],
        },
      ],
    });
  }
});

t.test('of many long info.toml files the first are read, and READMEs take the place of the others', async (t) => {
  const files: Files = {};
  for (let module = 10; module < 40; module++) {
    files[`content/${module}/README.md`] = '# From a README';
    files[`content/${module}/info.toml`] = `[module]\ntitle = "From a list"\n#${'x'.repeat(20_000)}`;
  }
  const titles = (await outlineOf(t, files))?.modules.map(({ title }) => title) ?? [];
  t.same(titles, [...Array(16).fill('From a list'), ...Array(14).fill('From a README')]);
});

t.test('the content is where course.json says', async (t) => {
  const files = { 'lessons/en/01_go/a/x.go': '', 'content/02_no/a/x.go': '' };
  for (const root of ['lessons/en', './lessons/en/']) {
    const outline = await outlineOf(t, files, { content: { root } });
    t.same(
      outline?.modules.map(({ id }) => id),
      ['01_go'],
      root,
    );
  }
  t.equal(await outlineOf(t, files, { content: { root: '../..' } }), undefined, 'there is nothing outside');
  t.equal(await outlineOf(t, { 'content/lonely.md': '' }), undefined, 'a file is no module');
});

t.test('with the root ".", the content is where its exercises are', async (t) => {
  const files = { 'content/01_go/a/x.go': '', 'lessons/02_no/a/x.go': '' };
  const table: [content: object, module: string][] = [
    [{ root: '.' }, '01_go'],
    [{ root: './' }, '01_go'],
    [{ root: '.', exercises: 'content' }, '01_go'],
    [{ root: '.', exercises: './lessons/' }, '02_no'],
    [{ root: '.', exercises: 'content/**/*.go' }, '01_go'],
    [{ root: '.', exercises: ['x'] }, '01_go'],
  ];
  for (const [content, id] of table) t.match(await outlineOf(t, files, { content }), { modules: [{ id }] });
});

t.test('a place made of slashes is read as fast as any other', async (t) => {
  const root = `lessons${'/'.repeat(255 * 1024)}`;
  t.equal(await outlineOf(t, { 'content/01_go/a/x.go': '' }, { content: { root: `${root}x` } }), undefined);
  t.match(await outlineOf(t, { 'lessons/01_go/a/x.go': '' }, { content: { root } }), { moduleCount: 1 });
});

t.test('of a course with more than fits, all is counted and the beginning is listed', async (t) => {
  const files: Files = {};
  for (let module = 0; module < 40; module++)
    for (let exercise = 0; exercise < 100; exercise++) files[`content/m${module}/e${exercise}/x`] = '';
  const outline = await outlineOf(t, files);
  t.match(outline, { moduleCount: 40, exerciseCount: 4_000 });
  const bytes = Buffer.byteLength(JSON.stringify(outline));
  t.ok(bytes <= MAX_OUTLINE_BYTES && bytes > MAX_OUTLINE_BYTES - 1_000, `${bytes} bytes`);
  t.match(outline?.modules[0], { id: 'm0', exerciseCount: 100, exercises: { length: 100 } });
  t.same(outlineSchema.parse(JSON.parse(JSON.stringify(outline))), outline);
});

t.test('what is no outline is not taken for one', (t) => {
  for (const value of [null, undefined, {}, [], 'x', { moduleCount: 1, exerciseCount: 0, modules: [{ id: 1 }] }]) {
    t.notOk(outlineSchema.safeParse(value).success, JSON.stringify(value));
  }
  t.end();
});
