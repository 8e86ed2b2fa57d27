// A recording shows what a terminal showed, and its text comes back.
import fc from 'fast-check';
import t from 'tap';
import { drawTerminal, textIn } from '../../../local/recordings/picture.ts';
import { type Line, screenAfter } from '../../../local/recordings/screen.ts';

const text = (lines: readonly Line[]) => lines.map((line) => line.map((run) => run.text).join(''));

t.test('styles become runs, and what was drawn over is gone', async (t) => {
  const lines = await screenAfter(
    'working 10%\r\u001b[2K\u001b[1;32m✓ done\u001b[0m: ok\n\n  \u001b[2mlater\u001b[22m\n',
  );
  t.same(lines, [
    [
      { text: '✓ done', styles: ['bold', 'green'] },
      { text: ': ok', styles: [] },
    ],
    [],
    [
      { text: '  ', styles: [] },
      { text: 'later', styles: ['dim'] },
    ],
  ]);
});

t.test('characters that fill two cells, or none of their own, stay whole', async (t) => {
  t.same(text(await screenAfter('日本 e\u0301 🦆 end\n')), ['日本 e\u0301 🦆 end']);
});

t.test('a line that is too long for the terminal is broken between words, and read as one', async (t) => {
  const drawn = drawTerminal(await screenAfter('one \u001b[1mtwo three\u001b[0m\nfourfivesix\n'), 'lines', 8);
  t.same(
    drawn.match(/<text.*/g)?.map((line) => line.replace(/<[^>]*>/g, '')),
    ['one two ', 'three', 'fourfive', 'six'],
  );
  t.same(textIn(drawn), ['one two three', 'fourfivesix']);
});

t.test('whatever a line says comes back from the picture', async (t) => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme-composite', minLength: 1 }).filter((line) => !/[\r\n\u2028\u2029]/.test(line)),
  );
  fc.assert(
    fc.property(lines, fc.string(), (shown, title) => {
      const drawn = shown.map(
        (line): Line => [
          { text: line.slice(0, 3), styles: ['bold', 'red'] },
          { text: line.slice(3), styles: [] },
        ],
      );
      t.same(textIn(drawTerminal(drawn, title, 20)), shown);
    }),
  );
});
