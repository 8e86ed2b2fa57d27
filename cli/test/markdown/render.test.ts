// Markdown on a terminal: every kind of block, at any width, whatever is in it.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import stringWidth from 'string-width';
import t from 'tap';
import { renderMarkdown } from '../../markdown/render.ts';
import { printLines } from '../../terminal/styled.ts';

const SCRIBE = fileURLToPath(
  new URL('../../../fixtures/courses/javascript-quest/content/02_async/02_the_scribe/README.md', import.meta.url),
);

const plain = (markdown: string, width = 40) => printLines(renderMarkdown(markdown, width), false);

t.test('each kind of block', async (t) => {
  const table: [markdown: string, shown: string][] = [
    ['# One\n\n## Two\n\n### Three', 'One\n═══\n\nTwo\n───\n\nThree'],
    ['a *b* **c** ~~d~~ `e f`', 'a b c d `e f`'],
    ['one\ntwo  \nthree', 'one two\nthree'],
    ['- a\n- b\n  1. c\n  2. d', '• a\n• b\n  1. c\n  2. d'],
    ['9. a\n10. b', '9. a\n10. b'],
    ['- a\n\n- b', '• a\n\n• b'],
    ['- [x] done\n- [ ] open', '• [x] done\n• [ ] open'],
    ['> quoted\n>\n> > twice', '│ quoted\n│\n│ │ twice'],
    ['```js\nconst a = 1\n\n\tb()\n```', '    const a = 1\n\n        b()'],
    ['    indented', '    indented'],
    ['a\n\n---\n\nb', `a\n\n${'─'.repeat(40)}\n\nb`],
    ['[site](https://e.org) and [here](#top)', 'site <https://e.org> and here'],
    ['<https://e.org> www.e.org', 'https://e.org www.e.org'],
    ['[a][x] [b][none]\n\n[x]: https://e.org', 'a <https://e.org> [b][none]'],
    ['![A map](map.png) ![](x.png)', '[image: A map] [image]'],
    ['a[^1]\n\n[^1]: The note', 'a[1]\n\n[1] The note'],
    ['<details>\n<summary>A hint</summary>\n\nText\n</details>', 'A hint\n\nText'],
    ['a <b>c</b> <!-- d > e --> f', 'a c f'],
    ['| a | bb |\n|---|---|\n| 日本 | `c` |', 'a     bb\n────  ───\n日本  `c`'],
    ['', ''],
  ];
  for (const [markdown, shown] of table) t.equal(plain(markdown), shown, JSON.stringify(markdown));
});

t.test('a table that is too wide is shown row by row', async (t) => {
  const markdown = `| Name | What it does |\n|---|---|\n| map | ${'gives a new list '.repeat(3)}|\n| filter | chooses |`;
  t.equal(
    plain(markdown, 30),
    'Name: map\nWhat it does: gives a new list\ngives a new list gives a new\nlist\n\nName: filter\nWhat it does: chooses',
  );
});

t.test('styles are printed where a terminal shows them, and nowhere else', async (t) => {
  const lines = renderMarkdown('# A b\n\n*c* `d`', 40);
  t.equal(
    printLines(lines, true),
    '\u001b[1mA b\u001b[22m\n\u001b[1m═══\u001b[22m\n\n\u001b[3mc\u001b[23m \u001b[36m`d`\u001b[39m',
  );
  t.notMatch(printLines(lines, false), '\u001b');
});

t.test('nothing in a text acts on the terminal', async (t) => {
  const shown = plain(
    '# \u001b[2Ja\n\n```\n\u001b]0;t\u0007\n```\n\n| \u001b[1m |\n|---|\n\n<b>\u202e</b> ![\u001b](x)\n\n[^\u001b]: x',
  );
  t.notMatch(shown, /[\u001b\u0007\u202e]/);
  t.match(shown, '\\u{1b}[2Ja');
});

t.test('a chapter fits into any width', async (t) => {
  const markdown = await readFile(SCRIBE, 'utf8');
  for (const width of [20, 40, 80, 100]) {
    const widest = Math.max(
      ...plain(markdown, width)
        .split('\n')
        .map((line) => stringWidth(line)),
    );
    t.ok(widest <= width, `${widest} of ${width}`);
  }
});

t.test('no line is wider than the terminal, and no text is lost', async () => {
  const word = fc.constantFrom(
    'a',
    '日本語',
    'long-word-without-an-end',
    '👩‍👩‍👧',
    '*',
    '`',
    '[x](y)',
    '|',
    '>',
    '- ',
    '\n',
    '\n\n',
    ' ',
    '# ',
    '1. ',
  );
  const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 60 }), (markdown, width) => {
      const deepest = 6;
      if ((markdown.match(/[>-]|1\./g)?.length ?? 0) > deepest) return true;
      return plain(markdown, width)
        .split('\n')
        .every((line) => stringWidth(line) <= width);
    }),
    { numRuns: 150 },
  );
  const letters = (shown: string) => shown.replace(/\s/g, '');
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z日本語é]{1,30}$/), { minLength: 1 }), (words) => {
      return letters(plain(words.join(' '), 20)) === words.join('');
    }),
    { numRuns: 100 },
  );
});

t.test('a text that is made to be slow, or too deep, is shown as it is written', async (t) => {
  const slow = '*a'.repeat(30_000);
  t.equal(plain(slow).replaceAll('\n', ''), slow);
  const deep = `${'> '.repeat(3_000)}end`;
  t.match(plain(deep), /…|end/);
});

t.test('a very long text says that it goes on', async (t) => {
  t.match(plain('word '.repeat(20_000)), /\n\n… it goes on in the file$/);
});
