// What commands must stand: stdin closed, a terminal of 40 columns, folders with odd names, NO_COLOR, Bun.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, glob, mkdir, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import t, { type Test } from 'tap';
import { startRegistry } from '../../fixtures/start-registry.ts';
import { onTerminalWith } from './helpers/terminal.ts';

const registry = await startRegistry({ seed: true });
t.teardown(() => registry.stop());

const PROGY = fileURLToPath(new URL('../progy.js', import.meta.url));
const COURSE = fileURLToPath(new URL('../../fixtures/courses/rust-mastery', import.meta.url));
const ODD = 'my courses 🦀 & co';
const STARTED = 'a course 🦀';
const COLUMNS = 40;
/** Begins what is drawn over a line. */
const ERASE = '\u001b[2K';

interface Line {
  readonly argv: readonly string[];
  /** What the answer says. */
  readonly says: RegExp;
  /** True: run in the folder of the course that `init` has made. */
  readonly inCourse?: true;
}

/** Command lines, in the order in which they run in one folder: each may use what those before it left. */
const COMMANDS: Record<string, Line> = {
  search: { argv: ['search', 'rust'], says: /@diego\/rust-mastery 1\.0\.0/ },
  info: { argv: ['info', '@diego/rust-mastery'], says: /rust-mastery/ },
  init: { argv: ['init', '@diego/rust-mastery', STARTED], says: /is ready in\s+a\s+course\s+🦀/ },
  'init with a wrong name': { argv: ['init', 'rust-mastry', '--yes'], says: /Did you mean\s+@diego\/rust-mastery\?/ },
  next: { argv: ['next'], says: /Next:\s+progy\s+test/, inCourse: true },
  list: { argv: ['list'], says: /→ 1\.1/, inCourse: true },
  test: { argv: ['test'], says: /NOT_AGREED|cargo|not\s+passed|wants\s+to\s+run/, inCourse: true },
  done: { argv: ['done', '1.1'], says: /1\.1\s+Moving\s+a\s+book\s+is\s+done/, inCourse: true },
  status: { argv: ['status'], says: /@diego\/rust-mastery 1\.0\.0/, inCourse: true },
  diff: { argv: ['diff'], says: /./, inCourse: true },
  update: { argv: ['update', '--yes'], says: /1\.0\.0/, inCourse: true },
  pack: { argv: ['pack', 'source 🦀'], says: /rust-mastery-1\.0\.0\.progy/ },
  'cache ls': { argv: ['cache', 'ls'], says: /@diego\/rust-mastery 1\.0\.0/ },
};

const FAILING = new Set(['init with a wrong name', 'test']);

/** An oddly named folder with a home and the source of a course in it. */
async function standing(t: Test): Promise<string> {
  const cwd = join(t.testdir({}), ODD);
  await mkdir(join(cwd, '.home'), { recursive: true });
  await cp(COURSE, join(cwd, 'source 🦀'), { recursive: true });
  return cwd;
}

/** Runs progy without a terminal, and with its stdin closed, not only empty. */
async function unattended(home: string, { argv, inCourse }: Line, runtime = process.execPath) {
  const cwd = inCourse ? join(home, STARTED) : home;
  const args = ['-c', 'exec "$0" "$@" <&-', runtime, PROGY, ...argv];
  const env = { PATH: process.env.PATH, HOME: join(home, '.home'), PROGY_REGISTRY: registry.url, NO_COLOR: '1' };
  const child = spawn('sh', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** A Bun of this machine, if there is one: where the tests of clients keep theirs, or on the PATH. */
async function buns(): Promise<string[]> {
  const kept = fileURLToPath(new URL('../../.clients/', import.meta.url));
  const installed = await Array.fromAsync(glob('*/node_modules/@oven/*/bin/bun', { cwd: kept }));
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'bun'));
  return [...installed.map((path) => join(kept, path)), ...onPath].filter((path) => existsSync(path)).slice(0, 1);
}

t.test('with stdin closed, in an odd folder and without colours, every command does its work', async (t) => {
  const cwd = await standing(t);
  for (const [name, line] of Object.entries(COMMANDS)) {
    const { code, stdout, stderr } = await unattended(cwd, line);
    t.equal(code, FAILING.has(name) ? 1 : 0, `${name}: ${stderr}`);
    t.match(stdout + stderr, line.says, name);
    t.equal(
      stdout + stderr,
      stripVTControlCharacters(stdout + stderr),
      `${name} sends nothing that acts on a terminal`,
    );
  }
});

t.test(`on a terminal of ${COLUMNS} columns, every command does its work, and nothing is wider`, async (t) => {
  const cwd = await standing(t);
  const settings = { HOME: join(cwd, '.home'), PROGY_REGISTRY: registry.url, NO_COLOR: '1' };
  for (const [name, { argv, says, inCourse }] of Object.entries(COMMANDS)) {
    // It asks there: watch.test.ts answers.
    if (name === 'test') continue;
    const run = onTerminalWith(settings, inCourse ? join(cwd, STARTED) : cwd, ...argv);
    t.equal(await run.end(), FAILING.has(name) ? 1 : 0, `${name}: ${run.shown()}`);
    t.match(stripVTControlCharacters(run.shown()), says, name);
    t.notMatch(run.shown(), /\u001b\[[0-9;]*m/, `${name} has no colours`);
    for (const line of tooWide(run.shown())) t.fail(`${name} has a line of ${stringWidth(line)} columns: ${line}`);
  }
});

t.test('on a terminal, a person chooses the course that was meant, or none', async (t) => {
  const cwd = await standing(t);
  const choosing = onTerminalWith({ PROGY_REGISTRY: registry.url }, cwd, 'init', 'rust-mastry', '--no-git');
  await choosing.until('Enter:');
  choosing.type('\r');
  t.equal(await choosing.end(), 0, choosing.shown());
  t.ok((await readdir(join(cwd, 'rust-mastery'))).includes('course.json'));
  const refusing = onTerminalWith({ PROGY_REGISTRY: registry.url }, cwd, 'init', 'rust-mastry', 'other');
  await refusing.until('Enter:');
  refusing.type('\u0003');
  t.equal(await refusing.end(), 130, refusing.shown());
  t.notOk((await readdir(cwd)).includes('other'));
});

/** Lines that a person sees, not those that were erased. Long words, such as addresses, cannot be broken, and commands are not. */
function tooWide(shown: string): string[] {
  const lines = shown.split(/\r?\n/).map((line) => stripVTControlCharacters(line.split(ERASE).at(-1) ?? ''));
  return lines.filter((line) => stringWidth(line) > COLUMNS && !isCommand(line) && !hasLongWord(line));
}

function isCommand(line: string): boolean {
  return /^\s*(?:Next:|git (?:config|init|add|commit) )/.test(line);
}

function hasLongWord(line: string): boolean {
  return line.split(/\s+/).some((word) => stringWidth(word) > COLUMNS / 2);
}

for (const bun of await buns()) {
  t.test('under Bun, every command does its work', async (t) => {
    const cwd = await standing(t);
    for (const [name, line] of Object.entries(COMMANDS)) {
      const { code, stdout, stderr } = await unattended(cwd, line, bun);
      t.equal(code, FAILING.has(name) ? 1 : 0, `${name}: ${stderr}`);
      t.match(stdout + stderr, line.says, name);
    }
  });
}
