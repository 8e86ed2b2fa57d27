import t from 'tap';
import { parseInitBenchOptions } from '../../../bench/init/options.ts';

t.test('rounds are many, few with --quick, or as many as are said', async (t) => {
  t.same(parseInitBenchOptions([]).rounds, { slow: 3, fast: 9, start: 31 });
  t.same(parseInitBenchOptions(['--quick']).rounds, { slow: 1, fast: 3, start: 11 });
  t.same(parseInitBenchOptions(['--quick', '--rounds', '2']).rounds, { slow: 2, fast: 2, start: 2 });
  for (const rounds of ['0', '101', '1.5', 'x', '']) {
    t.throws(() => parseInitBenchOptions(['--rounds', rounds]), /--rounds takes a whole number/, rounds);
  }
});

t.test('all is measured, or what is named', async (t) => {
  t.same(parseInitBenchOptions([]).stages, ['start', 'fast', 'slow']);
  t.same(parseInitBenchOptions(['--only', 'slow,start']).stages, ['start', 'slow']);
  t.throws(
    () => parseInitBenchOptions(['--only', 'slow,medium']),
    /--only takes some of start, fast, slow, not "medium"/,
  );
});
