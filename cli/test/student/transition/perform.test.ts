// A process that is killed on its way leaves the old state or the new one, once somebody comes back to the course.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { openCourse } from '../../../student/open-course.ts';
import { startedCourseAround } from '../../../student/started-course.ts';
import { placeOf } from '../../../student/transition/place.ts';
import { type Update, updateCourse } from '../../../update/update.ts';
import { began, lines, type Student, stateOf, treeAt } from '../../helpers/term.ts';

const BEFORE = {
  'a.txt': lines(1, 9),
  'removed/by/author.txt': 'old\n',
  'b.txt': 'b\n',
  'content/a/01_x/x.js': 'x\n',
};
const AFTER = {
  'a.txt': lines(1, 9, { 1: 'theirs' }),
  'b.txt': 'new b\n',
  'new/file.txt': 'new\n',
  'content/a/02_x/x.js': 'x\n',
};

async function workOn(ana: Student): Promise<void> {
  await ana.write({ 'a.txt': lines(1, 9, { 9: 'mine' }), 'own.txt': 'own\n', 'content/a/01_x/x.js': 'mine\n' });
}

/** Updates until a step, and no further: all that the process would still have done never happens. */
async function updateUntil(ana: Student, last: number): Promise<Update | string> {
  const course = await startedCourseAround(ana.folder);
  const place = await placeOf(ana.folder, ana.context);
  let count = 0;
  return new Promise((resolve, reject) => {
    const step = (name: string) => (count++ < last ? undefined : new Promise<void>(() => resolve(name)));
    updateCourse(course, place, { yes: true, step }, ana.context).then(resolve, reject);
  });
}

/** Kills an update at every step. @returns the steps. */
async function killAtEach(t: Test, ana: Student, state: () => Promise<unknown>): Promise<string[]> {
  const before = await state();
  const steps: string[] = [];
  for (;;) {
    const ended = await updateUntil(ana, steps.length);
    if (typeof ended !== 'string') return steps;
    steps.push(ended);
    await openCourse(ana.context);
    t.same(await state(), before, `killed before "${ended}"`);
    const said = ana.context.talk.warnings.splice(0).filter((warning) => warning.includes('interrupted'));
    t.equal(said.length, ended === 'begin' ? 0 : 1, 'it is said, once');
  }
}

t.test('killed before any step of an update, the course is as it was when somebody comes back', async (t) => {
  const { ana, publish } = await began(t, BEFORE);
  await workOn(ana);
  await publish('1.1.0', AFTER);
  const steps = await killAtEach(t, ana, () => stateOf(ana));
  t.same(steps, [
    'begin',
    'remove content/a/01_x/x.js',
    'remove removed/by/author.txt',
    'put a.txt',
    'put b.txt',
    'put course.json',
    'put new/file.txt',
    'put content/a/02_x/x.js',
    'put progy-lock.json',
    'index',
    'merge',
    'HEAD',
    'refresh',
    'finish',
  ]);
  t.match(await treeAt(ana.folder), {
    'content/a/02_x/x.js': '- mine\n',
    'a.txt': `- ${lines(1, 9, { 1: 'theirs', 9: 'mine' })}`,
  });
  t.equal(ana.git('status', '--porcelain'), '');
});

t.test('the same without a repository', async (t) => {
  const { ana, publish } = await began(t, BEFORE, { git: false });
  await workOn(ana);
  await publish('1.1.0', AFTER);
  const steps = await killAtEach(t, ana, () => treeAt(ana.folder));
  t.equal(steps.length, 10);
  t.match(await treeAt(ana.folder), { 'content/a/02_x/x.js': '- mine\n', 'new/file.txt': '- new\n' });
});

t.test(
  'the mark of a change has its id from the beginning: an empty one would count as left by a dead process',
  async (t) => {
    const { ana, publish } = await began(t, BEFORE, { git: false });
    await publish('1.1.0', AFTER);
    const place = await placeOf(ana.folder, ana.context);
    const mark = join(place.store, 'unfinished');
    const seen = new Set<string>();
    let isWatched = false;
    const watch = () => {
      if (existsSync(mark)) seen.add(readFileSync(mark, 'utf8').replace(/^\d{8}T\d{9}Z-\d+$/, 'an id'));
      if (isWatched) setImmediate(watch);
    };
    const step = (name: string) => {
      isWatched = name === 'begin';
      if (isWatched) watch();
    };
    await updateCourse(await startedCourseAround(ana.folder), place, { yes: true, step }, ana.context);
    t.same([...seen], ['an id']);
    t.equal((await readdir(place.store)).includes('unfinished'), false);
  },
);

t.test('what somebody wrote after a kill stays', async (t) => {
  const { ana, publish } = await began(t, BEFORE);
  await publish('1.1.0', AFTER);
  t.equal(await updateUntil(ana, 9), 'index');
  await ana.write({ 'b.txt': 'written after the kill\n' });
  await ana.update({ dryRun: true });
  t.match(ana.context.talk.warnings.join('\n'), /was interrupted\..*\n.*left as they are: b\.txt$/);
  t.equal(await ana.read('b.txt'), 'written after the kill\n');
  t.equal(await ana.read('removed/by/author.txt'), 'old\n');
});

t.test('an error on the way takes back what was done', async (t) => {
  const { ana, publish } = await began(t, { ...BEFORE, '.gitignore': 'new/file.txt/\n' });
  await publish('1.1.0', { ...AFTER, '.gitignore': 'new/file.txt/\n' });
  await ana.write({ 'new/file.txt/in/the/way.txt': 'ignored\n' });
  const before = await stateOf(ana);
  await t.rejects(ana.update(), { code: 'EISDIR' });
  t.same(await stateOf(ana), before);
  t.equal((await readdir(join(ana.folder, '.git', 'progy'))).includes('unfinished'), false);
});

t.test('another git at work is waited for by nobody: the update is refused, and nothing has changed', async (t) => {
  const { ana, publish } = await began(t, BEFORE);
  await publish('1.1.0', AFTER);
  const lock = join(ana.folder, '.git', 'index.lock');
  await writeFile(lock, 'somebody’s');
  await t.rejects(ana.update(), { code: 'GIT_IS_BUSY' });
  t.equal(await readFile(lock, 'utf8'), 'somebody’s');
  await rm(lock);
  t.equal(ana.git('status', '--porcelain'), '');
});

const run = promisify(execFile);
const BIN = fileURLToPath(new URL('../../../bin.ts', import.meta.url));

/** A git that kills progy when it is called with these words, after doing what it is called for or before. */
async function killingGit(ana: Student, at: { word: string; after: boolean }): Promise<string> {
  const bin = join(ana.context.home, 'bin');
  await mkdir(bin, { recursive: true });
  const real = ana.context.env.PATH?.split(':')
    .map((path) => join(path, 'git'))
    .join(' ');
  const script = [
    '#!/bin/sh',
    `for real in ${real}; do [ -x "$real" ] && break; done`,
    `case " $* " in *' ${at.word} '*) ${at.after ? '"$real" "$@"; ' : ''}kill -9 $PPID; exit 1;; esac`,
    'exec "$real" "$@"',
  ];
  await writeFile(join(bin, 'git'), script.join('\n'));
  await chmod(join(bin, 'git'), 0o755);
  return bin;
}

for (const at of [
  { word: 'merge-recursive', after: true },
  { word: 'Update @diego/term 1.0.0 → 1.1.0 HEAD', after: false },
  { word: 'Update @diego/term 1.0.0 → 1.1.0 HEAD', after: true },
]) {
  t.test(`kill -9 ${at.after ? 'after' : 'before'} git ${at.word.split(' ')[0]}`, async (t) => {
    const { ana, publish } = await began(t, BEFORE);
    await workOn(ana);
    await publish('1.1.0', AFTER);
    const before = await stateOf(ana);
    const bin = await killingGit(ana, at);
    const env = { ...ana.context.env, PATH: `${bin}:${ana.context.env.PATH}` };
    const killed = run(process.execPath, [BIN, 'update', '--yes'], { cwd: ana.folder, env });
    t.match(
      await killed.then(
        () => undefined,
        (error) => error,
      ),
      { signal: 'SIGKILL' },
    );
    const { stderr } = await run(process.execPath, [BIN, 'status'], { cwd: ana.folder, env: { ...ana.context.env } });
    t.same(await stateOf(ana), before);
    t.equal(/was interrupted/.test(stderr), at.word.includes('HEAD'));
    t.match(await ana.update(), { update: { state: 'updated' } });
  });
}
