// `npm run bench`, from its start to its tables, on the smallest possible measurement.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';

const BENCH = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const LITTLE = ['--quick', '--only', 'bare,floor', '--rounds', '1', '--seconds', '0.05'];
const run = promisify(execFile);

t.test('it measures ours beside others, and says which goals hold', async (t) => {
  const json = join(t.testdir(), 'numbers.json');
  const scenarios = ['--scenarios', 'full-1,manifest,publish-100kb', '--markdown', '--json', json];
  const { stdout } = await run(process.execPath, [BENCH, ...LITTLE, ...scenarios]);
  t.match(stdout, /\| full packument, 1 version +\| +10 \| +[\d,.]+ \| +[\d,.]+ \([\d.]+\) \|/, 'a rate and a ratio');
  t.match(stdout, /\| publish 100 KB, npm door +\| +[\d,.]+ \|/, 'milliseconds');
  t.match(stdout, /\| manifest of a version +\| +time ÷ bare +\| +≤ 1.2 \| +[\d.]+ \| +(yes|NO) \|/, 'a goal');
  t.match(stdout, /^Goals: \d hold, \d do not, 1 not measured\.$/m);
  const { results, goals } = JSON.parse(await readFile(json, 'utf8'));
  t.match(results, {
    'full-1': { ours: { rate: [Number], bytes: Number }, bare: { rate: [Number] } },
    'publish-100kb': { ours: { time: [Number] }, floor: { time: [Number] } },
  });
  t.equal(results['full-1'].ours.bytes, results['full-1'].bare.bytes, 'the bare Worker hands out what ours answers');
  t.ok(goals.length > 5, 'every goal is listed');
});

t.test('a command that makes no sense says how it is used', async (t) => {
  await t.rejects(run(process.execPath, [BENCH, '--only', 'npm']), {
    code: 2,
    stderr: /^--only takes some of ours, .*, not "npm"\n\nnpm run bench -- \[options\]/,
  });
});
