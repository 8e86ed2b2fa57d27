// The command line of `npm run bench`.
import t from 'tap';
import { parseBenchOptions } from '../../bench/options.ts';

t.test('without options: everything but edge-apps, whose source is not here', async (t) => {
  t.same(parseBenchOptions([]), {
    quick: false,
    only: ['ours', 'bare', 'floor', 'verdaccio', 'pnpr'],
    rounds: 5,
    seconds: 2,
    scenarios: [],
    json: '.bench/latest.json',
    markdown: false,
  });
});

t.test('--quick is shorter, and what is said besides counts', async (t) => {
  t.match(parseBenchOptions(['--quick']), { quick: true, rounds: 3, seconds: 0.25 });
  t.match(parseBenchOptions(['--quick', '--rounds', '1', '--seconds', '0.1']), { rounds: 1, seconds: 0.1 });
});

t.test('ours is always measured, since all is compared with it', async (t) => {
  t.same(parseBenchOptions(['--only', 'bare']).only, ['ours', 'bare']);
  t.same(parseBenchOptions(['--only', 'pnpr,verdaccio']).only, ['ours', 'verdaccio', 'pnpr']);
});

t.test('edge-apps is measured where its source is named', async (t) => {
  const { only, edgeApps } = parseBenchOptions(['--only', 'bare', '--edge-apps', '/tmp/edge-apps']);
  t.same([only, edgeApps], [['ours', 'bare', 'edge-apps'], '/tmp/edge-apps']);
});

t.test('what makes no sense is refused', async (t) => {
  for (const args of [
    ['--only', 'ours,npm'],
    ['--rounds', '0'],
    ['--rounds', 'many'],
    ['--rounds', ''],
    ['--seconds', '1000'],
    ['--nothing'],
    ['extra'],
  ]) {
    t.throws(() => parseBenchOptions(args), args.join(' '));
  }
});
