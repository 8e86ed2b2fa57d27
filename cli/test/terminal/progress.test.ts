import t from 'tap';
import { describe, drawBar } from '../../terminal/progress.ts';

t.test('the bar fills and never overflows', async (t) => {
  t.equal(drawBar(0, 10), `${'─'.repeat(24)} 0%`);
  t.equal(drawBar(5, 10), `${'━'.repeat(12)}${'─'.repeat(12)} 50%`);
  t.equal(drawBar(11, 10), `${'━'.repeat(24)} 100%`);
  t.equal(drawBar(999, 1000), `${'━'.repeat(24)} 99%`);
  t.equal(drawBar(0, 0), `${'━'.repeat(24)} 100%`);
});

const MB = 1_000_000;

t.test(
  'a line holds the label, a bar, bytes and rate, and loses the least important first where room is short',
  async (t) => {
    const standing = { label: 'Getting it', bytes: { done: MB, total: 4 * MB }, rate: MB / 2, silentMs: 0 };
    const bar = `${'━'.repeat(6)}${'─'.repeat(18)} 25%`;
    t.equal(describe(standing, 77), `Getting it  ${bar}  1.0 MB of 4.0 MB  500.0 kB/s`);
    t.equal(describe(standing, 60), `Getting it  ${bar}  1.0 MB of 4.0 MB`);
    t.equal(describe(standing, 45), `Getting it  ${bar}`);
    t.equal(describe(standing, 37), 'Getting it  25%');
    t.equal(describe(standing, 4), '25%');
    t.equal(describe({ label: 'Finding it', silentMs: 0 }, 7), 'Finding');
  },
);

t.test('work that reports nothing shows for how long, after three seconds', async (t) => {
  t.equal(describe({ label: 'Finding it', silentMs: 2_999 }, 77), 'Finding it');
  t.equal(describe({ label: 'Finding it', silentMs: 3_000 }, 77), 'Finding it  waiting for 3 s');
  const stuck = { label: 'Getting it', bytes: { done: 1, total: 4 }, rate: 1, silentMs: 12_345 };
  t.equal(describe(stuck, 37), 'Getting it  25%  waiting for 12 s');
});
