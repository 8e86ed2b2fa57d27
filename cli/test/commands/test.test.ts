// Running the tests of exercises, from outside: the fixtures' own runners, reports, failures, and programs that do harm.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { progyIn, startedCourse, startedFixture } from '../helpers/course-folder.ts';

const MAP = 'content/01_functions/01_the_treasure_map/exercise.js';
const SOLUTION = `export const within = (map, steps) =>
  map.filter((one) => one.steps <= steps).toSorted((a, b) => a.steps - b.steps).map((one) => one.name)\n`;

/** A course with one exercise, whose runner is a script. */
async function courseWith(t: Test, script: string, runner: object = {}): Promise<string> {
  const files = { 'check.cjs': script, 'content/1_a/1_b/exercise.js': '', 'content/1_a/2_c/exercise.js': '' };
  return startedCourse(t, files, {
    title: 'Short',
    runner: { command: 'node check.cjs {{exercise}} {{file}}', ...runner },
  });
}

const report = (value: unknown) =>
  `console.log('noise'); console.log('__SRP_BEGIN__'); console.log(${JSON.stringify(JSON.stringify(value))}); console.log('__SRP_END__')`;

const progressOf = async (cwd: string) =>
  JSON.parse(await readFile(join(cwd, '.progy/progress.json'), 'utf8')).exercises;

t.test('an exercise of a fixture fails, is solved, passes, and the next one follows', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  const failed = await progyIn({ cwd }, 'test', '--yes');
  t.equal(failed.code, 1);
  t.match(failed.stdout, /^✗ 1\.1 The treasure map: not passed\n/);
  t.match(failed.stdout, 'near treasures come first');
  t.ok(failed.stdout.endsWith(`\n\nEdit: ${MAP}\nNext: progy test 1.1\n`));
  await writeFile(join(cwd, MAP), SOLUTION);
  const passed = await progyIn({ cwd }, 'test');
  t.equal(passed.code, 0);
  t.match(passed.stdout, /^✓ 1\.1 The treasure map: passed\n/);
  t.ok(passed.stdout.endsWith('\n1 of 6 done\nNext: progy next\n'));
  t.match(await progressOf(cwd), { '01_functions/01_the_treasure_map': { attempts: 2, passedAt: /^2/ } });
  t.match((await progyIn({ cwd }, 'next')).stdout, 'The gatekeeper');
});

t.test('a runner in Python, with its exec bit', async (t) => {
  const cwd = await startedFixture(t, 'sql-detective');
  const folder = join(cwd, 'content/01_select/01_the_door');
  const failed = await progyIn({ cwd: folder }, 'test', '--yes', '--json');
  t.equal(failed.code, 1);
  t.match(JSON.parse(failed.stdout), {
    success: false,
    passed: false,
    exitCode: 1,
    exercise: { label: '2.1' },
    output: /^not yet/,
  });
});

t.test('a course for other versions of progy says so, and is tested all the same', async (t) => {
  const files = { 'content/1_a/1_b/exercise.js': '' };
  for (const [progy, expected] of [
    ['^99.0.0', /^warning @diego\/javascript-quest 0\.3\.0 needs progy \^99\.0\.0, and this is progy \d/],
    ['*', /^$/],
  ] as const) {
    const cwd = await startedCourse(t, files, { engines: { progy }, runner: { command: 'node --version' } });
    const { code, stderr } = await progyIn({ cwd }, 'test', '--yes');
    t.equal(code, 0);
    t.match(stderr, expected, progy);
  }
});

t.test('without --yes and without a terminal nothing runs', async (t) => {
  const cwd = await courseWith(t, 'require("node:fs").writeFileSync("ran", "")');
  const { code, stdout, stderr } = await progyIn({ cwd }, 'test', '2');
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(
    stderr,
    '@diego/javascript-quest 0.3.0 wants to run a program, and nobody can be asked: node check.cjs content/1_a/2_c',
  );
  t.match(stderr, 'Next: If you trust its author: progy test 1.2 --yes\n');
  await t.rejects(readFile(join(cwd, 'ran')), { code: 'ENOENT' });
});

t.test('reading commands run nothing of a course', async (t) => {
  const cwd = await courseWith(t, 'require("node:fs").writeFileSync("ran", "")');
  for (const command of ['next', 'list', 'done']) t.equal((await progyIn({ cwd }, command)).code, 0, command);
  await t.rejects(readFile(join(cwd, 'ran')), { code: 'ENOENT' });
});

t.test('a report is shown whole, and decides whatever the exit code', async (t) => {
  const cwd = await courseWith(
    t,
    `${report({
      success: false,
      summary: '1 of 2 tests passed',
      score: 5,
      maxScore: 10,
      tests: [
        { name: 'adds', status: 'pass' },
        { name: 'subtracts', status: 'fail', message: 'Wrong sign', expected: '1', actual: '-1' },
      ],
      diagnostics: [{ severity: 'warning', file: 'exercise.js', line: 3, column: 7, message: 'unused variable' }],
      raw: 'printed by the student\n',
    })}; process.exitCode = 0`,
  );
  const { code, stdout } = await progyIn({ cwd }, 'test', '--yes');
  t.equal(code, 1);
  t.equal(
    stdout,
    `✗ 1.1 B: 1 of 2 tests passed

  Score: 5 of 10
  ✓ adds
  ✗ subtracts
    Wrong sign
    expected: 1
    actual:   -1
  exercise.js:3:7: warning
    unused variable

  printed by the student

Edit: content/1_a/1_b/exercise.js
Next: progy test 1.1
`,
  );
  const json = JSON.parse((await progyIn({ cwd }, 'test', '--json')).stdout);
  t.match(json, {
    success: false,
    ended: 'exited',
    exitCode: 0,
    score: { points: 5, of: 10 },
    tests: [{ status: 'passed' }, {}],
  });
});

t.test('a report of success passes; without a report the exit code decides', async (t) => {
  const good = await courseWith(t, `${report({ ok: true, message: 'Yes!' })}; process.exitCode = 7`);
  t.match(await progyIn({ cwd: good }, 'test', '--yes'), { code: 0, stdout: /^✓ 1\.1 B: Yes!\n\n {2}noise\n/ });
  const tests = await courseWith(t, report({ tests: [{ passed: true }, { passed: false }] }));
  t.match(await progyIn({ cwd: tests }, 'test', '--yes'), { code: 1, stdout: /^✗ 1\.1 B: 1 of 2 tests failed\n/ });
  const exit = await courseWith(t, 'process.exitCode = 3');
  t.match(await progyIn({ cwd: exit }, 'test', '--yes'), {
    code: 1,
    stdout: /^✗ 1\.1 B: not passed \(exit code 3\)\n/,
  });
});

t.test('a hostile runner: floods, escapes, children, and no end', async (t) => {
  const script = `
    const { spawn } = require('node:child_process');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
    spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { detached: true, stdio: 'inherit' });
    for (let i = 0; i < 100000; i++) process.stdout.write('flood\\n');
    process.stdout.write('\\u001b[2J\\u001b]0;owned\\u0007\\u202e end\\n');
    setInterval(() => {}, 1000);
  `;
  const cwd = await courseWith(t, script);
  const { code, stdout, stderr } = await progyIn({ cwd, columns: 40 }, 'test', '--yes', '--timeout', '2');
  t.equal(code, 1);
  t.match(stdout, 'not finished after 2');
  t.match(stdout, '\\u{202e} end\n');
  t.notMatch(stdout + stderr, /[\u0007\u202e]|\u001b\[2J|\u001b\]/);
});

t.test('the course’s time-out counts, unless the person gives one', async (t) => {
  const cwd = await courseWith(t, 'setInterval(() => {}, 1000)', { timeout: 1 });
  t.match(JSON.parse((await progyIn({ cwd }, 'test', '--yes', '--json')).stdout), { ended: 'timeout', exitCode: null });
  for (const timeout of ['0', '-1', 'x', '99999'])
    t.match(await progyIn({ cwd }, 'test', '--yes', '--timeout', timeout), { code: 2, stderr: /takes seconds/ });
});

t.test('several runners: the one that is named, and what is wrong with others', async (t) => {
  const runners = [
    { id: 'good', command: 'node -e "process.exit(0)"' },
    { id: 'gone', command: 'progy-no-such-program' },
    { id: 'locked', command: './locked.sh' },
    { id: 'away', command: 'node x', cwd: 'nowhere' },
  ];
  const cwd = await startedCourse(t, { 'content/1_a/1_b/x.js': '', 'locked.sh': 'x' }, { runners });
  await chmod(join(cwd, 'locked.sh'), 0o644);
  const test = (id: string) => progyIn({ cwd }, 'test', '1', '--yes', '--runner', id);
  t.match(await test('good'), { code: 0 });
  t.match(
    (await test('gone')).stderr,
    'progy-no-such-program is not installed, or not in PATH (RUNNER_FAILED)\nNext: See what the course needs: progy check\n',
  );
  t.match((await test('locked')).stderr, 'cannot be started');
  t.match((await test('away')).stderr, 'is not there (RUNNER_INVALID)');
  t.match(
    (await test('none')).stderr,
    'The course has no runner "none". Its runners: good, gone, locked, away (RUNNER_NOT_FOUND)\nNext: Use one that it has: progy test --runner good\n',
  );
});

t.test('a course without a runner stays pleasant', async (t) => {
  const cwd = await startedFixture(t, 'private-notes');
  const { code, stdout } = await progyIn({ cwd }, 'test');
  t.equal(code, 0);
  t.equal(
    stdout,
    'Notes for the Thursday group has no tests to run: you decide when 1.1 The first\nten minutes is done.\n\nNext: progy done 1.1\n',
  );
  t.match(JSON.parse((await progyIn({ cwd }, 'test', '--json')).stdout), { success: true, passed: null, runner: null });
});

t.test('at the end it congratulates, and asks which one to test again', async (t) => {
  const cwd = await courseWith(t, '');
  t.match((await progyIn({ cwd }, 'test', '--yes')).stdout, '1 of 2 done\nNext: progy next');
  t.match((await progyIn({ cwd }, 'test')).stdout, 'All 2 exercises are done. Well done!');
  t.match(
    (await progyIn({ cwd }, 'test')).stderr,
    'All exercises are done (EXERCISE_NOT_FOUND)\nNext: Name one to test it again: progy test 1.1\n',
  );
  t.match((await progyIn({ cwd }, 'test', '1.1')).code, 0);
});

t.test('an author tests in the folder that they write', async (t) => {
  const cwd = await courseWith(t, '');
  await rm(join(cwd, 'progy-lock.json'));
  t.match(await progyIn({ cwd }, 'test', '--yes'), { code: 0 });
});

t.test('Docker that is not there names another runner', async (t) => {
  const runners = [
    { id: 'box', type: 'docker-file', command: 'x' },
    { id: 'here', command: 'node -v' },
  ];
  const cwd = await startedCourse(t, { 'content/1_a/1_b/x.js': '' }, { runners });
  const { code, stderr } = await progyIn({ cwd, env: { PATH: '/nowhere' } }, 'test', '--yes');
  t.equal(code, 1);
  t.match(stderr, 'The runner box needs Docker, and Docker is not installed (NO_DOCKER)');
  t.match(stderr, "Next: Start Docker, or use the course's other runner: progy test --runner here\n");
});

/** Stands in for docker where no daemon runs: notes what it is told, and runs what a container would. */
const DOCKER = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(process.env.NOTES, JSON.stringify(args) + '\\n');
if (args[0] === 'build' && process.env.BROKEN) { console.error('step 2: no such image'); process.exit(1); }
const at = args.indexOf('RUN');
if (at > 0) process.exitCode = require('node:child_process').spawnSync(args[at + 1], args.slice(at + 2), { stdio: 'inherit' }).status;
`;

async function courseInDocker(t: Test, runner: object) {
  const files = { 'content/1_a/1_b/exercise.js': '', 'bin/docker': DOCKER };
  const cwd = await startedCourse(t, files, { runner });
  await chmod(join(cwd, 'bin/docker'), 0o755);
  const NOTES = join(cwd, 'notes');
  const env = { PATH: `${join(cwd, 'bin')}:${process.env.PATH}`, NOTES };
  const told = async () =>
    (await readFile(NOTES, 'utf8'))
      .trim()
      .split('\n')
      .map((line): string[] => JSON.parse(line));
  return { cwd, env, told };
}

t.test('in a container: built, run without a network, and removed, whatever happens', async (t) => {
  const { cwd, env, told } = await courseInDocker(t, {
    type: 'docker-file',
    command: `RUN node -e ${JSON.stringify(report({ success: true, summary: 'In a box' }))}`,
  });
  const { code, stdout } = await progyIn({ cwd, env }, 'test', '--yes');
  t.match({ code, stdout }, { code: 0, stdout: /^✓ 1\.1 B: In a box\n/ });
  const [version, build, run, remove] = await told();
  t.equal(version?.[0], 'version');
  t.match(build?.slice(0, 2), ['build', '--tag']);
  t.match(run?.slice(0, 7), ['run', '--rm', '--init', '--name', /^progy-/, '--network', 'none']);
  t.same(remove, ['rm', '--force', run?.[4]]);
});

t.test('a container is removed after its time too, and an image that cannot be built says why', async (t) => {
  const slow = await courseInDocker(t, {
    type: 'docker-local',
    command: 'RUN node -e "setInterval(() => {}, 1000)"',
    timeout: 1,
  });
  t.match((await progyIn(slow, 'test', '--yes')).stdout, 'not finished after 1 second');
  t.equal((await slow.told()).at(-1)?.[0], 'rm');
  const broken = await progyIn({ ...slow, env: { ...slow.env, BROKEN: '1' } }, 'test', '--yes');
  t.match(broken.stderr, 'docker build failed: step 2: no such image (RUNNER_FAILED)');
});

t.test('with services: the one that tests is run, and all are taken down', async (t) => {
  const { cwd, env, told } = await courseInDocker(t, {
    type: 'docker-compose',
    service_to_run: 'tester',
    command: 'RUN node -e ""',
  });
  t.match(await progyIn({ cwd, env }, 'test', '--yes'), { code: 0 });
  const [, run, down] = await told();
  t.ok(run?.includes('tester'));
  t.match(down, ['compose', '--project-name', /^progy-/, '--file', 'docker-compose.yml', 'down', '--timeout', '1']);
});
