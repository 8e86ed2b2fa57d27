// What a program prints: how much is kept, and how it becomes readable.
import fc from 'fast-check';
import t from 'tap';
import { LiveLines, readable, Tail } from '../../runners/output.ts';

t.test('of a stream the end is kept', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.integer({ min: 1, max: 30 }), (chunks, limit) => {
      const tail = new Tail(limit);
      for (const chunk of chunks) tail.add(Buffer.from(chunk));
      const all = chunks.join('');
      return tail.text() === all.slice(-limit) && tail.total === all.length;
    }),
  );
});

t.test('colours, titles and lines that were drawn over disappear; other controls stay, to be escaped', async (t) => {
  const table: [printed: string, shown: string][] = [
    ['\u001b[31mred\u001b[0m\u001b[K', 'red'],
    ['\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b', 'ab'],
    ['1%\r50%\r100%\nnext\r\n', '100%\nnext\n'],
    ['\u001bc\u0007', '\u001bc\u0007'],
    ['\u001b[', '\u001b['],
  ];
  for (const [printed, shown] of table) t.equal(readable(printed), shown);
});

t.test('lines are shown as they come, without the report', async (t) => {
  const lines: string[] = [];
  const live = new LiveLines((line) => lines.push(line));
  const printed = Buffer.from('one\ntwo\n__SRP_BEGIN__\n{"a":\n1}\n__SRP_END__\nthree 🦀');
  for (let at = 0; at < printed.length; at += 3) live.add(printed.subarray(at, at + 3));
  live.end();
  t.same(lines, ['one', 'two', 'three 🦀']);
});

t.test('a flood is cut off, and a line without an end is shown in pieces', async (t) => {
  const lines: string[] = [];
  const live = new LiveLines((line) => lines.push(line));
  for (let count = 0; count < 5_000; count++) live.add(Buffer.from('y\n'));
  t.equal(lines.length, 2_001);
  t.equal(lines.at(-1), '… and more, which is not shown');
  const pieces: string[] = [];
  const endless = new LiveLines((line) => pieces.push(line));
  for (let count = 0; count < 100; count++) endless.add(Buffer.from('x'.repeat(100)));
  t.ok(pieces.length > 1);
});
