// Cached rows: kept for less than a second, never past a write, never over the limit.
import fc from 'fast-check';
import t from 'tap';
import { FRESH_MS, Memo } from '../../../domain/read/memo.ts';

const START = Date.UTC(2026, 10, 24);
const at = (ms: number) => new Date(START + ms);
const memoOf = () => new Memo<{ text: string }>(({ text }) => 2 * text.length);

t.test('an answer is as old as its question, and good until it is a second old', async (t) => {
  const memo = memoOf();
  const value = { text: 'row' };
  memo.asking(at(0))('rust', value);
  t.equal(memo.get('rust', at(0)), value);
  t.equal(memo.get('rust', at(FRESH_MS - 1)), value);
  t.equal(memo.get('rust', at(FRESH_MS)), undefined);
  t.equal(memo.get('go', at(0)), undefined);
});

t.test('a clock that is set back makes nothing last longer', async (t) => {
  const memo = memoOf();
  memo.asking(at(60_000))('rust', { text: 'row' });
  t.equal(memo.get('rust', at(59_999)), undefined);
});

t.test('a write forgets what was answered, and what is being asked', async (t) => {
  const memo = memoOf();
  memo.asking(at(0))('rust', { text: 'before' });
  const late = memo.asking(at(0));
  memo.forget();
  late('rust', { text: 'before, but answered later' });
  t.equal(memo.get('rust', at(0)), undefined);
  memo.asking(at(0))('rust', { text: 'after' });
  t.same(memo.get('rust', at(0)), { text: 'after' });
});

t.test('a memo holds at most 2 MB of whatever is put into it', async (t) => {
  const entry = fc.tuple(fc.nat(20_000), fc.nat(400_000));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 20, maxLength: 200 }), (entries) => {
      const memo = memoOf();
      const remember = memo.asking(at(0));
      for (const [key, length] of entries) remember(`@diego/${key}`, { text: 'x'.repeat(length) });
      const held = [...new Set(entries.map(([key]) => `@diego/${key}`))].map((key) => memo.get(key, at(0)));
      return held.reduce((bytes, value) => bytes + 2 * (value?.text.length ?? 0), 0) <= 2 * 1024 * 1024;
    }),
    { numRuns: 20 },
  );
  t.pass();
});
