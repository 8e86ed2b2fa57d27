// Testing on a real terminal: the question before the first run, watching for changes, and leaving.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startedCourse } from '../helpers/course-folder.ts';
import { onTerminal } from '../helpers/terminal.ts';

/** Passes once the exercise's file says so, and writes a file beside it, as many tests do. */
const CHECK = `
  const { readFileSync, writeFileSync } = require('node:fs');
  writeFileSync(process.argv[2] + '/output.txt', String(Math.random()));
  const text = readFileSync(process.argv[3], 'utf8');
  console.log('looking at ' + text);
  process.exitCode = text.startsWith('solved') ? 0 : 1;
`;

async function course(t: Test, script: string): Promise<string> {
  const files = { 'check.cjs': script, 'content/1_a/1_b/exercise.js': 'open', 'content/1_a/2_c/exercise.js': 'open' };
  const folder = await startedCourse(t, files, { runner: 'node check.cjs {{exercise}} {{file}}' });
  await mkdir(join(folder, '.home'));
  return folder;
}

t.test('the first run shows the command and asks; no runs nothing, yes is remembered', async (t) => {
  const cwd = await course(t, CHECK);
  const declined = onTerminal(cwd, 'test');
  await declined.until('node check.cjs content/1_a/1_b');
  await declined.until('Run it?');
  declined.type('no\r');
  t.equal(await declined.end(), 1);
  t.match(declined.shown(), 'Nothing was run (NOT_AGREED)');
  t.notOk(existsSync(join(cwd, 'content/1_a/1_b/output.txt')));
  const agreed = onTerminal(cwd, 'test');
  await agreed.until('Run it?');
  agreed.type('yes\r');
  t.equal(await agreed.end(), 1);
  t.match(agreed.shown(), 'looking at open');
  const again = onTerminal(cwd, 'test');
  t.equal(await again.end(), 1);
  t.notMatch(again.shown(), 'Run it?');
});

t.test('--watch tests again after each change, goes on to the next exercise, and ends with q', async (t) => {
  const cwd = await course(t, CHECK);
  const write = (path: string, text: string) => writeFile(join(cwd, 'content/1_a', path, 'exercise.js'), text);
  const watch = onTerminal(cwd, 'test', '--watch', '--yes');
  await watch.until('✗ 1.1 B: not passed');
  await watch.until('Waiting for a change');
  await write('1_b', 'nearly');
  await watch.until('looking at nearly');
  await watch.until('Waiting for a change');
  await write('1_b', 'solved');
  await watch.until('✓ 1.1 B: passed');
  await watch.until('Now 1.2 C, in content/1_a/2_c');
  await watch.until('Waiting for a change');
  await write('2_c', 'closer');
  await watch.until('✗ 1.2 C: not passed');
  await watch.until('Waiting for a change');
  watch.type('q');
  t.equal(await watch.end(), 0);
  t.match(watch.shown(), '1 exercise passed. 1 of 2 are done.');
  const progress = JSON.parse(await readFile(join(cwd, '.progy/progress.json'), 'utf8'));
  t.match(progress.exercises, { '1_a/1_b': { attempts: 3, passedAt: /^2/ }, '1_a/2_c': { attempts: 1 } });
});

t.test('--watch ends by itself once all is done, and with Ctrl-C before', async (t) => {
  const cwd = await course(t, CHECK);
  for (const path of ['1_b', '2_c']) await writeFile(join(cwd, 'content/1_a', path, 'exercise.js'), 'solved');
  const left = onTerminal(cwd, 'test', '--watch', '--yes');
  await left.until('Now 1.2 C');
  left.type('\u0003');
  t.equal(await left.end(), 0);
  const done = onTerminal(cwd, 'test', '--watch');
  t.equal(await done.end(), 0);
  t.match(done.shown(), 'All');
});

t.test('Ctrl-C ends a program that ignores it, with the child that left its group', async (t) => {
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child ' + process.pid)";
  const cwd = await course(
    t,
    `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000);
     require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { detached: true, stdio: 'inherit' });`,
  );
  const run = onTerminal(cwd, 'test', '--yes');
  await run.until('child ');
  await run.until('\n');
  run.type('\u0003');
  t.equal(await run.end(), 130);
  const pid = Number(/child (\d+)/.exec(run.shown())?.[1]);
  t.ok(pid > 0);
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : 'gone';
  t.match(stat, /^gone$|\) Z /);
  t.notOk(existsSync(join(cwd, '.progy/progress.json')), 'a run that did not end is no attempt');
});
