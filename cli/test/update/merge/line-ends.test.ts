import fc from 'fast-check';
import t from 'tap';
import { isSameText, isText, lineEndsOf, withLineEnds } from '../../../update/merge/line-ends.ts';

t.test('how a text ends its lines', async (t) => {
  const cases: [text: string, ends: ReturnType<typeof lineEndsOf>][] = [
    ['a\nb\n', 'lf'],
    ['a\r\nb\r\n', 'crlf'],
    ['a\r\nb', 'crlf'],
    ['a\r\nb\n', undefined],
    ['one line', undefined],
    ['', undefined],
    ['\u0000a\nb\n', undefined],
    ['old\rmac\r', undefined],
  ];
  for (const [text, ends] of cases) t.equal(lineEndsOf(Buffer.from(text)), ends, JSON.stringify(text));
});

t.test('a text takes other line ends only where both have one way', async (t) => {
  const turned = (text: string, wanted: ReturnType<typeof lineEndsOf>) =>
    withLineEnds(Buffer.from(text), wanted).toString();
  t.equal(turned('a\nb\n', 'crlf'), 'a\r\nb\r\n');
  t.equal(turned('a\r\nb\r\n', 'lf'), 'a\nb\n');
  t.equal(turned('a\nb\r\n', 'lf'), 'a\nb\r\n');
  t.equal(turned('a\nb\n', undefined), 'a\nb\n');
});

t.test('there and back again, every byte of a text is the same', async () => {
  const text = fc.array(fc.uint8Array({ maxLength: 5 })).map((lines) => {
    const clean = lines.map((line) => Buffer.from(line.filter((byte) => byte !== 0 && byte !== 10 && byte !== 13)));
    return Buffer.concat(clean.flatMap((line) => [line, Buffer.from('\n')]));
  });
  fc.assert(fc.property(text, (bytes) => withLineEnds(withLineEnds(bytes, 'crlf'), lineEndsOf(bytes)).equals(bytes)));
});

t.test(
  'files are the same text if only their line ends differ; binary files are the same if every byte is',
  async (t) => {
    const same = (one: string, other: string) => isSameText(Buffer.from(one), Buffer.from(other));
    t.ok(same('a\nb', 'a\r\nb'));
    t.ok(same('a\nb\r\n', 'a\r\nb\n'));
    t.notOk(same('a\n', 'a\n\n'));
    t.notOk(same('\u0000\n', '\u0000\r\n'));
    t.ok(same('\u0000\n', '\u0000\n'));
    t.notOk(isText(Buffer.from('a\u0000')));
  },
);
