// `npm run bench:init`, from its start to its tables, on as little as there is to measure.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';

const BENCH = fileURLToPath(new URL('../../bench/init.ts', import.meta.url));
const run = promisify(execFile);

t.test('it measures init beside others, and says which goals hold', async (t) => {
  const json = join(t.testdir(), 'numbers.json');
  const little = ['--only', 'start,fast', '--rounds', '1', '--markdown', '--json', json];
  const { stdout } = await run(process.execPath, [BENCH, ...little]);
  t.match(stdout, /^\| progy --help +\| +[\d,.]+ \| +[\d,.]+ \|$/m, 'milliseconds and a ratio');
  t.match(stdout, /^\| git clone --depth 1 +\| +[\d,.]+ \| +[\d,.]+ \|$/m);
  t.match(stdout, /^\| git clone ÷ progy init, cold +\| +loopback \| +≥ 1 \| +[\d.]+ \| +(yes|NO) \|$/m, 'a goal');
  // How many it makes, init-requests.test.ts of the CLI asserts: on a slow machine, what was kept may have grown old here.
  t.match(stdout, /^progy init, warm: \d+ request\(s\), of 1 that it may make\.$/m);
  const { stages, goals } = JSON.parse(await readFile(json, 'utf8'));
  t.match(stages, { start: { times: { node: [Number] } }, fast: { times: { init: [Number], npm: [Number] } } });
  t.ok(goals.length > 5, 'every goal is listed');
});

t.test('a command that makes no sense says how it is used', async (t) => {
  await t.rejects(run(process.execPath, [BENCH, '--only', 'medium']), {
    code: 2,
    stderr: /^--only takes some of start, .*, not "medium"\n\nnpm run bench:init -- \[options\]/,
  });
});
