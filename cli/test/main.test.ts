import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { CliError } from '../cli-error.ts';
import { main, type Surroundings } from '../main.ts';

const RUST = fileURLToPath(new URL('../../fixtures/courses/rust-mastery', import.meta.url));

class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function progy(t: Test, argv: string[], more: Partial<Surroundings> = {}) {
  const stdout = new Captured();
  const stderr = new Captured();
  const cwd = t.testdir({});
  const env = { PATH: process.env.PATH, HOME: cwd };
  const signal = new AbortController().signal;
  const code = await main(argv, { cwd, env, stdin: Readable.from([]), stdout, stderr, signal, ...more });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

t.test('help is on stdout and ends with 0; without a command there is help too', async (t) => {
  for (const argv of [['--help'], []]) {
    const { code, stdout, stderr } = await progy(t, argv);
    t.equal(code, 0);
    for (const command of [
      'search',
      'info',
      'init',
      'next',
      'test',
      'hint',
      'open',
      'done',
      'list',
      'check',
      'cache',
      'pack',
      'publish',
      'deprecate',
      'yank',
      'unyank',
      'access',
      'audit-log',
      'login',
      'logout',
      'whoami',
      'org',
      'doctor',
      'completion',
    ])
      t.match(stdout, `\n  ${command} `);
    t.equal(stderr, '');
  }
});

t.test('every command has help with its options', async (t) => {
  const groups = [
    'cache ls',
    'cache verify',
    'cache prune',
    'cache clean',
    'access grant',
    'access revoke',
    'org create',
    'org set',
  ];
  for (const command of [
    'search',
    'info',
    'init',
    'next',
    'test',
    'hint',
    'open',
    'done',
    'list',
    'check',
    'pack',
    'publish',
    'deprecate',
    'yank',
    'unyank',
    'login',
    'logout',
    'whoami',
    'audit-log',
    'doctor',
    'completion',
    ...groups,
  ]) {
    const { code, stdout } = await progy(t, [...command.split(' '), '--help']);
    t.equal(code, 0, command);
    t.match(stdout, new RegExp(`^Usage: progy ${command}`), command);
    t.match(stdout, '--json', command);
  }
  t.match((await progy(t, ['publish', '--help'])).stdout, /Examples:\n {2}progy publish --dry-run\n/);
});

t.test('--version is that of the package', async (t) => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  t.match(await progy(t, ['--version']), { code: 0, stdout: `${version}\n` });
});

t.test('wrong usage ends with 2, a suggestion, and one next step', async (t) => {
  const unknown = await progy(t, ['pubish']);
  t.equal(unknown.code, 2);
  t.equal(unknown.stdout, '');
  t.match(unknown.stderr, /unknown command 'pubish' \(Did you mean publish\?\) \(USAGE\)\nNext: See: progy --help\n$/);
  const helps = {
    search: 'progy search',
    org: 'progy org',
    'org set acme': 'progy org set',
    'init --nope': 'progy init',
  };
  for (const [typed, command] of Object.entries(helps)) {
    const { code, stderr } = await progy(t, typed.split(' '));
    t.match(stderr, `(USAGE)\nNext: See: ${command} --help\n`, typed);
    t.equal(code, 2);
  }
  t.equal((await progy(t, ['publish', '--dry-rum'])).code, 2);
  t.equal((await progy(t, ['init'])).code, 2);
  t.match(await progy(t, ['org']), { code: 2, stderr: /The command is incomplete \(USAGE\)/ });
  t.match(await progy(t, ['org', 'craete', 'x']), { code: 2, stderr: /Did you mean create\?/ });
  t.match(await progy(t, ['org', 'set', 'a', 'b', 'admin']), {
    code: 2,
    stderr: /choices are owner, publisher, reader/,
  });
  t.equal((await progy(t, ['whoami', 'too', 'many'])).code, 2);
});

t.test('the result is on stdout, for people or as one JSON object', async (t) => {
  const people = await progy(t, ['publish', '--dry-run'], { cwd: RUST });
  t.match(people, { code: 0, stdout: /^\[DRY-RUN\] Validating course\.json\.\.\. OK\n/, stderr: '' });
  const program = await progy(t, ['publish', '--dry-run', '--json'], { cwd: RUST });
  t.match(JSON.parse(program.stdout), { success: true, name: '@diego/rust-mastery', version: '1.0.0' });
});

t.test('a failure ends with 1, and says what, with which code, and what to do', async (t) => {
  const people = await progy(t, ['pack']);
  t.match(people, { code: 1, stdout: '', stderr: /There is no course\.json in .* \(INVALID_COURSE\)\nNext: / });
  const program = await progy(t, ['pack', '--json']);
  t.match(program, { code: 1, stderr: '' });
  t.match(JSON.parse(program.stdout), {
    success: false,
    code: 'INVALID_COURSE',
    error: /course\.json/,
    next: /course\.json/,
  });
});

t.test('an interruption ends with 130, whatever error it came out as', async (t) => {
  const signal = AbortSignal.abort(new CliError('INTERRUPTED', 'Interrupted'));
  const { code, stderr } = await progy(t, ['pack', RUST], { signal });
  t.equal(code, 130);
  t.match(stderr, 'Nothing was left behind');
});

t.test('PROGY_DEBUG shows where an error happened', async (t) => {
  t.notMatch((await progy(t, ['pack'])).stderr, 'course/folder.ts');
  const env = { PROGY_DEBUG: '1', HOME: t.testdirName };
  t.match((await progy(t, ['pack'], { env })).stderr, 'course/folder.ts');
});

t.test('what an author wrote reaches the terminal escaped', async (t) => {
  const cwd = t.testdir({
    evil: { 'course.json': '{"name":"\\u001b[2J\\u009b","version":"1.0.0"}', content: { 'a.md': '' } },
  });
  for (const flag of [[], ['--json']]) {
    const { stdout, stderr } = await progy(t, ['pack', 'evil', ...flag], { cwd: join(cwd) });
    t.notMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  }
});
