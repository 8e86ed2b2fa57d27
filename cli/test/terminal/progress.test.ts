import t from 'tap';
import { drawBar } from '../../terminal/progress.ts';

t.test('the bar fills and never overflows', async (t) => {
  t.equal(drawBar(0, 10), `${'─'.repeat(24)} 0%`);
  t.equal(drawBar(5, 10), `${'━'.repeat(12)}${'─'.repeat(12)} 50%`);
  t.equal(drawBar(11, 10), `${'━'.repeat(24)} 100%`);
  t.equal(drawBar(999, 1000), `${'━'.repeat(24)} 99%`);
  t.equal(drawBar(0, 0), `${'━'.repeat(24)} 100%`);
});
