// Quoting strangers' text in our sentences.
import fc from 'fast-check';
import t from 'tap';
import { escapeControls } from '../escape-controls.ts';
import { quote, quoteJson } from '../quote.ts';

const CASES: [title: string, found: unknown, bare: string, asJson: string][] = [
  ['a name', '@diego/rust', '@diego/rust', '"@diego/rust"'],
  ['no text', '', '', '""'],
  ['undefined', undefined, 'undefined', 'nothing'],
  ['null', null, 'object', 'null'],
  ['a number', 1, 'number', '1'],
  ['a number as text', '1', '1', '"1"'],
  ['a list', ['a'], 'object', '["a"]'],
  ['what JSON has no word for', () => 1, 'function', 'nothing'],
  ['control characters', '\u001b[31m\n', '\\u{1b}[31m\\u{a}', '"\\u001b[31m\\n"'],
  ['what JSON leaves as it is', '\u009b31m', '\\u{9b}31m', '"\\u{9b}31m"'],
  ['text that turns round', 'a\u202eb', 'a\\u{202e}b', '"a\\u{202e}b"'],
  ['the second half of a character', 'a\udc00b', 'a\ufffdb', '"a\\udc00b"'],
  ['the first half of a character', 'a\ud83d', 'a\ufffd', '"a\\ud83d"'],
  ['languages', 'Olá 日本語 👩', 'Olá 日本語 👩', '"Olá 日本語 👩"'],
];

for (const [title, found, bare, asJson] of CASES) {
  t.test(`${title}: ${asJson}`, async (t) => {
    t.equal(quote(found), bare);
    t.equal(quoteJson(found), asJson);
  });
}

const CUTS: [text: string, most: number, shown: string][] = [
  ['abcdef', 3, 'abc'],
  ['abc', 3, 'abc'],
  ['abc', 0, ''],
  ['ab👩cd', 2, 'ab'],
  ['ab👩cd', 3, 'ab'],
  ['ab👩cd', 4, 'ab👩'],
  ['ab\ud83dcd', 3, 'ab\ufffd'],
  ['\u0007\u0007\u0007', 2, '\\u{7}\\u{7}'],
];

for (const [text, most, shown] of CUTS)
  t.test(`${JSON.stringify(text)} cut after ${most} is ${shown}`, async (t) => t.equal(quote(text, most), shown));

t.test('of long text 256 characters are repeated, which every version and every name fits in', async (t) => {
  t.equal(quote('x'.repeat(1_000_000)), 'x'.repeat(256));
  t.equal(quoteJson('x'.repeat(1_000_000)), `"${'x'.repeat(255)}`);
  t.equal(quote('x'.repeat(256)), 'x'.repeat(256));
});

t.test('whatever is quoted is sound text, acts on no terminal and is no longer than allowed', async (t) => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .chain((sound) =>
      fc
        .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 6 })
        .map((units) => sound + String.fromCharCode(...units)),
    );
  fc.assert(
    fc.property(text, fc.nat(50), (written, most) => {
      const shown = quote(written, most);
      const unescaped = shown.replace(/\\u\{[0-9a-f]+\}/g, '.');
      return shown.isWellFormed() && escapeControls(shown) === shown && unescaped.length <= most;
    }),
  );
  t.pass();
});
