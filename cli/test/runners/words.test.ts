// Splitting a command into words.
import fc from 'fast-check';
import t from 'tap';
import { splitWords } from '../../runners/words.ts';

t.test('words are what a shell would make of them', async (t) => {
  const table: [command: string, words: string[]][] = [
    ['node runner/check.js {{exercise}}', ['node', 'runner/check.js', '{{exercise}}']],
    ['  a\t b  ', ['a', 'b']],
    [`"a b" 'c "d' e'f'"g"`, ['a b', 'c "d', 'efg']],
    [`"" ''`, ['', '']],
    [String.raw`a\ b \"c\" \\d`, ['a b', '"c"', String.raw`\d`]],
    [String.raw`"a\"b\\c\d"`, [String.raw`a"b\c\d`]],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    [String.raw`.\runner\check.exe x`, [String.raw`.\runner\check.exe`, 'x']],
    ['echo $HOME ~ *.js {a,b} #x', ['echo', '$HOME', '~', '*.js', '{a,b}', '#x']],
    ['echo "a | b; c"', ['echo', 'a | b; c']],
    ['', []],
  ];
  for (const [command, words] of table) t.same(splitWords(command), words, command);
});

t.test('what only a shell understands, and open quotes, are refused', async (t) => {
  for (const command of ['a | b', 'a && b', 'a; b', 'a > b', 'a < b', 'a `b`', 'a\nb', 'a & b'])
    t.throws(() => splitWords(command), { code: 'RUNNER_INVALID', message: /only a shell understands/ }, command);
  for (const command of ['"a', "a'b", 'a "b\\"'])
    t.throws(() => splitWords(command), { code: 'RUNNER_INVALID', message: /nothing closes/ }, command);
});

t.test('any words come back from their quoted form', async () => {
  const quoted = (word: string) => `"${word.replace(/(["\\])/g, '\\$1')}"`;
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      return JSON.stringify(splitWords(words.map(quoted).join(' '))) === JSON.stringify(words);
    }),
  );
});
