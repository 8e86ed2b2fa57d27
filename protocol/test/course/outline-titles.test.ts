// Titles of modules and exercises, from the places where authors write them.
import fc from 'fast-check';
import t from 'tap';
import { headingOf, spokenName, tomlTitles } from '../../course/outline-titles.ts';

t.test('a heading is the first one, as plain text', (t) => {
  const table: [string, string | undefined][] = [
    ['# Moving a book\n\nText', 'Moving a book'],
    ['\ufeff\n\nText first\n\n## Later\n# Last', 'Later'],
    ['# The *keep* and `keep.json` #', 'The keep and keep.json'],
    ['# [Rust](https://example.com) ![logo](x.png)', 'Rust logo'],
    ['#NoHeading\n\n#\n', undefined],
    ['', undefined],
    ['    # code', undefined],
    ['# C#\n', 'C#'],
    ['#  \u001b[31mred\u0007\tand blue ', '[31mred and blue'],
    [`# ${'é'.repeat(500)}`, `${'é'.repeat(119)}…`],
    ['# Olá\r\nmais', 'Olá'],
  ];
  for (const [markdown, title] of table) t.equal(headingOf(markdown), title, JSON.stringify(markdown.slice(0, 40)));
  t.end();
});

t.test('info.toml gives titles below [module] and [exercises]', (t) => {
  const { module, exercises } = tomlTitles(
    [
      'title = "of nothing"',
      '[module] # one',
      'title = "Owner\\"ship" # as a comment says',
      "message = 'Every value has one owner.'",
      'prerequisites = ["module:01"]',
      '[exercises]',
      '01_moving = "Moving"',
      '"02 with space" = "Quoted"',
      "'03.dot' = 'Literal \\ stays'",
      '04_number = 4',
      '05_broken = "no end',
      '06_multi = """',
      'a = b"""',
      '07_empty = ""',
      '[other]',
      '08_other = "not this"',
    ].join('\r\n'),
  );
  t.equal(module, 'Owner"ship');
  t.same(Object.fromEntries(exercises), {
    '01_moving': 'Moving',
    '02 with space': 'Quoted',
    '03.dot': 'Literal \\ stays',
  });
  t.end();
});

t.test('a folder says what it is about', (t) => {
  const table: [string, string][] = [
    ['01_moving_a_book', 'Moving a book'],
    ['1-olá-mundo', 'Olá mundo'],
    ['2. Loops', 'Loops'],
    ['intro', 'Intro'],
    ['42', '42'],
    ['_', '_'],
    ['a__b', 'A b'],
  ];
  for (const [folder, title] of table) t.equal(spokenName(folder), title, folder);
  t.end();
});

t.test('no text makes a title that is empty, long, or more than one line', (t) => {
  const isTitle = (title: string | undefined) =>
    title === undefined ||
    (title !== '' && [...title].length <= 120 && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(title));
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((part) => `# ${part}`),
  );
  fc.assert(fc.property(text, (markdown) => isTitle(headingOf(markdown))));
  fc.assert(
    fc.property(text, text, (key, value) => {
      const { module, exercises } = tomlTitles(`[exercises]\n${key} = "${value}"\n[module]\ntitle = '${value}'`);
      return [module, ...exercises.values()].every(isTitle);
    }),
  );
  t.end();
});
