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

t.test('an exercise of info.toml may be a table with more than its title', (t) => {
  const toml =
    '[exercises]\na = { title = "In line", id = "x" }\nb = { id = "no title" }\n[exercises.c]\ntitle = "Below"';
  t.same(
    [...tomlTitles(toml).exercises],
    [
      ['a', 'In line'],
      ['c', 'Below'],
    ],
  );
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

t.test('an info.toml is read as TOML, however it is written', (t) => {
  const { module, exercises } = tomlTitles(
    [
      'module.title = """',
      'Ownership\\u0021"""',
      'exercises = { a = "In a table", "b" = \'Inline\', c = [1], __proto__ = "Just a folder" }',
      '[other]',
      'text = """',
      '[module]',
      'title = "no title, but text"',
      '"""',
    ].join('\n'),
  );
  t.equal(module, 'Ownership!');
  t.same(
    [...exercises],
    [
      ['a', 'In a table'],
      ['b', 'Inline'],
      ['__proto__', 'Just a folder'],
    ],
  );
  t.end();
});

t.test('a broken info.toml, or one that was cut off, gives the titles before the break', (t) => {
  const start = '[module]\ntitle = "Kept"\n[exercises]\na = "Kept too"\n';
  const breaks = [
    'b = "no end',
    '[exercises',
    '[exercises]',
    'a = "again"',
    'b =',
    'b',
    'b = [\n1,\n2',
    '\u0000',
    'b = {',
  ];
  breaks.push('b = """\ntext \\z\n"""', 'b = [\n  1,\n  x\n]');
  for (const broken of breaks) {
    const { module, exercises } = tomlTitles(`${start}${broken}\nc = "Lost"\n`);
    t.same({ module, ...Object.fromEntries(exercises) }, { module: 'Kept', a: 'Kept too' }, JSON.stringify(broken));
  }
  const nested = `${start}b = ${'[\n'.repeat(100)}`;
  t.same(tomlTitles(nested), { module: undefined, exercises: new Map() }, 'what is too strange gives none');
  t.end();
});

t.test('where exercises and module are no tables, they have no titles', (t) => {
  for (const toml of ['module = "x"\nexercises = 1', 'module = ["x"]\nexercises = ["x"]', '[[exercises]]\na = "x"']) {
    t.same(tomlTitles(toml), { module: undefined, exercises: new Map() }, toml);
  }
  t.end();
});

// Short to read but slow: it looks at the same characters again and again.
function slowHeadingOf(markdown: string): string | undefined {
  return /^ {0,3}#{1,6}[ \t]+(.+)$/m
    .exec(markdown)?.[1]
    ?.replace(/[ \t]+#+[ \t]*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

t.test('a heading is what its pattern says, though it is found without looking twice', (t) => {
  const piece = fc.constantFrom(
    '#',
    ' ',
    '\t',
    '[',
    ']',
    '(',
    ')',
    '!',
    '*',
    '`',
    'a',
    '\n',
    '\r',
    '\u2028',
    '# ',
    '[a](b)',
  );
  const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (markdown) => (headingOf(markdown) ?? '') === (slowHeadingOf(markdown) ?? '')),
    { numRuns: 3_000 },
  );
  t.end();
});

/** A moment for every title if each character is looked at once; hours if each is looked at again for every other. */
const MANY = 300_000;

t.test('no heading is read for longer than its length allows', (t) => {
  const many = (text: string) => text.repeat(MANY / text.length);
  for (const worst of [
    ' ',
    '\t',
    '#',
    '# ',
    ' #',
    '[',
    '![',
    ']',
    '[]',
    '[](',
    '[](]',
    '[a]',
    '(',
    '*',
    '\n',
    '#\n',
    '   #######\n',
  ])
    for (const end of ['', 'x', ' #x', '](', '](x)', '\n']) headingOf(`# a${many(worst)}${end}`);
  t.pass('all were read');
  t.end();
});

t.test('no info.toml is read for longer than its length allows', (t) => {
  const many = (text: string) => text.repeat(MANY / text.length);
  const worst = [
    ' ',
    '[',
    '[ ',
    '[a.',
    '[a]\n',
    '[[a]]\n',
    ']',
    '\t',
    '\n',
    '#',
    '#\n',
    '"',
    "'",
    '\\',
    'a.',
    'a ',
    'a=',
    'a={',
    '9',
    '9_',
    '0x',
  ];
  for (const text of worst)
    for (const start of ['', '[', 'a = ', 'a = [', 'a = "', 'a = """', 'a = {b', '[module]\ntitle = "x"\n'])
      tomlTitles(`${start}${many(text)}`);
  t.pass('all were read');
  t.end();
});

t.test('no name of a folder is read for longer than its length allows', (t) => {
  for (const worst of ['_', '1', ' ', '1_', '_1', '.', '. ']) {
    for (const end of ['', 'x']) spokenName(`1${worst.repeat(MANY / worst.length)}${end}`);
  }
  t.pass('all were read');
  t.end();
});
