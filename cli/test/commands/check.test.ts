// Checking the setup of a course, hints and opening files, from outside.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { progyIn, startedCourse, startedFixture } from '../helpers/course-folder.ts';

t.test('a fixture’s checks show what is there', async (t) => {
  const cwd = await startedFixture(t, 'javascript-quest');
  t.match(await progyIn({ cwd }, 'check'), {
    code: 1,
    stderr: /nobody can be asked: node --version \(NOT_AGREED\)\nNext: .*progy check --yes/,
  });
  const { code, stdout } = await progyIn({ cwd }, 'check', '--yes');
  t.equal(code, 0);
  t.equal(stdout, `✓ Node.js 20 or newer: ${process.version}\n\nNext: progy next\n`);
});

t.test('every form of check, and what cannot be run', async (t) => {
  const checks = [
    'node --version',
    { name: 'Listed', command: ['node', '-e', 'console.log("a b")'] },
    { name: 'With args', type: 'command', command: 'node', args: ['-e', 'process.exitCode = 2'] },
    { name: 'Says why', command: 'node -e "console.error(\'\\u001b[31mtoo old\\u001b[0m\'); process.exitCode = 1"' },
    { name: 'Gone', command: 'progy-no-such-program -v' },
    { name: 'Shell', command: 'node -v && npm -v' },
    { name: 'Other', type: 'env' },
    { name: 'Empty' },
    7,
  ];
  const cwd = await startedCourse(t, { 'SETUP.md': 'x' }, { setup: { checks, guide: 'SETUP.md' } });
  const { code, stdout } = await progyIn({ cwd, columns: 100, env: { NO_COLOR: '1' } }, 'check', '--yes');
  t.equal(code, 1);
  t.equal(
    stdout,
    `✓ node --version: ${process.version}
✓ Listed: a b
✗ With args: ended with code 2
✗ Says why: too old
✗ Gone: progy-no-such-program is not installed, or not in PATH
- Shell: The command node -v && npm -v cannot be read: only a shell understands "&", and progy
  starts programs without one
- Other: progy cannot run checks of the type env
- Empty: has no command
- Check 9: progy cannot run checks of the type that it has

Next: read SETUP.md
`,
  );
  const json = JSON.parse((await progyIn({ cwd }, 'check', '--json')).stdout);
  t.match(json, { success: false, guide: 'SETUP.md' });
  t.equal(json.checks.length, 9);
});

t.test('a course without checks names its guide, if that is in the course', async (t) => {
  const guided = await startedCourse(t, { 'SETUP.md': 'x' }, { setup: { guide: 'SETUP.md' } });
  t.match(await progyIn({ cwd: guided }, 'check'), {
    code: 0,
    stdout: 'This course checks nothing by itself. Read SETUP.md for what it needs.\n',
  });
  for (const setup of [undefined, 7, [], { guide: '../../etc/passwd' }, { guide: 'nowhere.md' }, { checks: 'x' }]) {
    const cwd = await startedCourse(t, {}, { setup });
    t.match((await progyIn({ cwd }, 'check')).stdout, /^This course checks nothing by itself\.\n$/);
  }
});

t.test('hints come one by one, and the last one stays', async (t) => {
  const files = {
    'content/1_a/info.toml': '[exercises]\n1_b = { hint = "Look at `map`." }',
    'content/1_a/1_b/exercise.js': '',
    'content/1_a/1_b/HINTS.md': '# Hints\n\n## One\n\nSort it.\n\n## Two\n\nUse *toSorted*.',
    'content/1_a/2_c/exercise.js': '',
  };
  const cwd = await startedCourse(t, files, { runner: 'node -e "process.exitCode = 1"' });
  t.match((await progyIn({ cwd }, 'test', '--yes')).stdout, '\nHint: progy hint 1.1\nNext: progy test 1.1\n');
  const hint = async () => (await progyIn({ cwd }, 'hint')).stdout;
  t.equal(await hint(), 'Hint 1 of 3 for 1.1 B\n\nLook at `map`.\n\nNext: progy hint 1.1\n');
  t.match(await hint(), /^Hint 2 of 3 for 1\.1 B\n\nOne\n─+\n\nSort it\.\n/);
  t.match(await hint(), /\nUse toSorted\.\n\nThat was the last one\.\n$/);
  t.match(await hint(), /^Hint 3 of 3/);
  t.match(JSON.parse((await progyIn({ cwd }, 'hint', '1', '--json')).stdout), {
    number: 3,
    total: 3,
    hint: /toSorted/,
  });
  t.match(await progyIn({ cwd }, 'hint', '2'), {
    code: 0,
    stdout: '1.2 C has no hints.\n\nNext: read its text again: progy next\n',
  });
  const progress = JSON.parse(await readFile(join(cwd, '.progy/progress.json'), 'utf8'));
  t.same(progress.exercises, { '1_a/1_b': { attempts: 1, hints: 3 } });
});

t.test('open gives the file to the person’s editor, without a shell', async (t) => {
  const script = 'require("node:fs").writeFileSync("opened.json", JSON.stringify(process.argv.slice(1)))';
  const cwd = await startedCourse(t, { 'content/1_a/1_b $(x)/exercise.js': '', 'write.cjs': script });
  const EDITOR = `node ${join(cwd, 'write.cjs')} --wait`;
  const { code, stdout } = await progyIn({ cwd, env: { EDITOR } }, 'open');
  t.equal(code, 0);
  t.equal(stdout, 'Opened 1.1 B $(x): content/1_a/1_b $(x)/exercise.js\n');
  const opened = JSON.parse(await readFile(join(cwd, 'opened.json'), 'utf8'));
  t.same(opened.slice(1), ['--wait', join(cwd, 'content/1_a/1_b $(x)/exercise.js')]);
});

t.test('an editor that fails, and one that is not there, say which', async (t) => {
  const cwd = await startedCourse(t, { 'content/1_a/1_b/exercise.js': '' });
  const open = (EDITOR: string) => progyIn({ cwd, env: { EDITOR } }, 'open');
  t.match(await open('node -e "process.exit(3)"'), { code: 1, stderr: 'node ended with code 3 (NO_EDITOR)' });
  t.match(await open('progy-no-such-program'), {
    code: 1,
    stderr: 'progy-no-such-program cannot be started (NO_EDITOR)',
  });
});
