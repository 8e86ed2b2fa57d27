// Programs of a course that do not behave: they are ended with all that they started, and keep nobody waiting.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { CliError } from '../../cli-error.ts';
import { execute } from '../../runners/execute.ts';

interface Options {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly env?: Record<string, string>;
}

const LONG_MS = 300_000;

/** Runs JavaScript as a course's program, in a folder of its own. */
function runScript(t: Test, script: string, { timeoutMs = LONG_MS, signal, env = {} }: Options = {}) {
  const cwd = t.testdir(FILES);
  const context = { env: { PATH: process.env.PATH, ...env }, signal: signal ?? new AbortController().signal };
  let printed = '';
  const ending = (onOutput: (text: string) => void = () => {}) =>
    execute({ words: [process.execPath, '-e', script], cwd, env: { COURSE: 'yes' } }, context, {
      timeoutMs,
      onOutput: (chunk) => {
        printed += chunk;
        onOutput(printed);
      },
    });
  return { ending };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A program that has ended stays in the table until its parent looks.
    return !/^\d+ \(.*\) Z/.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : '');
  } catch {
    return false;
  }
}

/** A program that ignores signals and tells its pid, and one that starts it, out of its group, and ends at once. */
const FILES = {
  'stay.cjs': `process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1000);
    console.log('pid ' + process.pid);`,
  'orphan.cjs': `require('node:child_process')
    .spawn(process.execPath, ['stay.cjs'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] }).unref();`,
};

/** Starts three children that stay: one in the group, one that left it, and one that lost its parent too. */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  process.on('SIGTERM', () => {});
  const start = (file, detached) => spawn(process.execPath, [file], { detached, stdio: ['ignore', 'inherit', 'inherit'] }).unref();
  start('stay.cjs', false);
  start('stay.cjs', true);
  start('orphan.cjs', false);
`;

const pidsIn = (text: string) => [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));

t.test('its exit code, its output in order, and its standard output alone', async (t) => {
  const { ending } = runScript(t, 'console.log("a"); console.error("b"); process.exitCode = 3');
  t.same(await ending(), { how: 'exited', code: 3, stdout: 'a\n', output: 'a\nb\n' });
});

t.test('it gets the person’s variables and the course’s, but not progy’s token, and no input', async (t) => {
  const script =
    'console.log(process.env.MINE, process.env.COURSE, process.env.PROGY_TOKEN); process.stdin.on("data", () => {}).on("end", () => console.log("end"))';
  const { ending } = runScript(t, script, { env: { MINE: 'mine', PROGY_TOKEN: 'secret' } });
  t.equal((await ending()).stdout, 'mine yes undefined\nend\n');
});

t.test('a program that is not there, and one that may not run', async (t) => {
  const cwd = t.testdir({ 'script.sh': 'no exec bit' });
  const context = { env: { PATH: process.env.PATH }, signal: new AbortController().signal };
  const start = (program: string) => execute({ words: [program], cwd, env: {} }, context, { timeoutMs: LONG_MS });
  t.match(await start('progy-no-such-program'), { how: 'missing', code: undefined });
  t.match(await start(join(cwd, 'script.sh')), { how: 'forbidden' });
});

t.test('after its time it is ended, with children that ignore signals and left its group', async (t) => {
  const script = `${STUBBORN} setInterval(() => {}, 1000);`;
  // Long enough for all children to tell their pids, on a busy machine too.
  const { ending } = runScript(t, script, { timeoutMs: 5_000 });
  const { how, code, output } = await ending();
  t.match({ how, code }, { how: 'timeout', code: undefined });
  const pids = pidsIn(output);
  t.equal(pids.length, 3);
  t.same(pids.filter(isAlive), []);
});

t.test('Ctrl-C ends it and its children, and then the command', async (t) => {
  const controller = new AbortController();
  const { ending } = runScript(t, `${STUBBORN} setInterval(() => {}, 1000);`, { signal: controller.signal });
  let pids: number[] = [];
  const running = ending((text) => {
    pids = pidsIn(text);
    if (pids.length === 3) controller.abort(new CliError('INTERRUPTED', 'Interrupted'));
  });
  await t.rejects(running, { code: 'INTERRUPTED' });
  t.equal(pids.length, 3);
  t.same(pids.filter(isAlive), []);
});

t.test('an aborted command starts nothing', async (t) => {
  const { ending } = runScript(t, 'process.exit(0)', { signal: AbortSignal.abort(new CliError('INTERRUPTED', 'x')) });
  await t.rejects(ending(), { code: 'INTERRUPTED' });
});

t.test('what it leaves in its group ends with it; what left the group keeps nobody waiting', async (t) => {
  const script = `${STUBBORN} setTimeout(() => process.exit(0), 4000);`;
  const { ending } = runScript(t, script);
  const { how, code, output } = await ending();
  t.match({ how, code }, { how: 'exited', code: 0 });
  const pids = pidsIn(output);
  t.equal(pids.length, 3);
  const left = pids.filter(isAlive);
  t.equal(left.length, 2);
  for (const pid of left) process.kill(pid, 'SIGKILL');
});

t.test('of very much output the end is kept', async (t) => {
  const script = 'for (let i = 0; i < 300000; i++) process.stdout.write("line " + i + "\\n")';
  const { output, how } = await runScript(t, script).ending();
  t.equal(how, 'exited');
  t.ok(output.length <= 1024 * 1024);
  t.ok(output.endsWith('line 299999\n'));
});

t.test('output without an end is ended', async (t) => {
  const script =
    'const s = "x".repeat(65536); (function more() { while (process.stdout.write(s)); process.stdout.once("drain", more); })()';
  const { output, how } = await runScript(t, script).ending();
  t.equal(how, 'flooded');
  t.ok(output.length <= 1024 * 1024);
});

t.test('a program that kills itself did not exit', async (t) => {
  t.match(await runScript(t, 'process.kill(process.pid, "SIGKILL")').ending(), { how: 'killed', code: undefined });
});
