// Owns the rows in which a class gets its courses: each file as published, and on the next laptop the same from the lockfile.
import { appendFile, cp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type FoundFile, readFiles } from '../../clients/helpers/folders.ts';
import { checkInstalled } from '../../clients/helpers/installed-course.ts';
import { uncommentToken } from '../../clients/helpers/machine.ts';
import { inItsOwnWords, ok, WORKS } from '../helpers/cell.ts';
import { type Desk, type Seat, studentAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

const COURSES = ['@diego/javascript-quest', '@diego/rust-mastery', '@marta/sql-detective'];

export const add: Row = {
  title: 'add',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    ok(t, await student.use(desk.dialect.add(COURSES)), 'it adds the courses');
    await checkCourses(t, desk, student);
    const { dependencies } = JSON.parse(await readFile(join(student.classroom, 'package.json'), 'utf8'));
    t.match(dependencies, { '@diego/rust-mastery': '^1.0.0', '@marta/sql-detective': '^1.2.0' });
    t.strictSame(student.askedPublicly.filter(namesCourse), [], 'nobody else is asked for a course');
    return WORKS;
  },
};

export const install: Row = {
  title: 'install',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    const dependencies = Object.fromEntries(COURSES.map((name) => [name, '>=0.1.0']));
    const manifest = { name: 'classroom', private: true, dependencies };
    await writeFile(join(student.classroom, 'package.json'), JSON.stringify(manifest));
    ok(t, await student.use(desk.dialect.install), 'it installs what package.json names');
    await checkCourses(t, desk, student);
    return WORKS;
  },
};

export const frozen: Row = {
  title: 'frozen install from the lockfile',
  async run(t, desk) {
    const [first, second] = [await studentAt(t, desk), await studentAt(t, desk)];
    ok(t, await first.use(desk.dialect.add(COURSES)), 'the instructor adds the courses');
    await handOver(first, second, [...desk.client.files, 'package.json', desk.client.lockfile]);
    ok(t, await second.use(desk.dialect.frozen), 'the next laptop installs them');
    t.strictSame(await filesOfCourses(second), await filesOfCourses(first), 'the same files, byte for byte');
    await checkCourses(t, desk, second);
    for (const seat of [first, second]) t.strictSame(seat.askedPublicly.filter(namesCourse), []);
    return WORKS;
  },
};

export const addPrivate: Row = {
  title: 'add a private course, with the token line of the class',
  async run(t, desk) {
    const name = await desk.publishNew(['1.0.0'], { private: true });
    const student = await studentAt(t, desk);
    student.env.PROGY_TOKEN = desk.diego;
    t.not((await student.use(desk.dialect.add([name]))).code, 0, 'without the line there is no such course');
    for (const file of desk.client.files) await uncommentToken(join(student.classroom, file));
    const ended = await student.use(desk.dialect.add([name]));
    if (ended.code !== 0) await trustHome(student);
    const trusted = ended.code === 0 ? ended : await student.use(desk.dialect.add([name]));
    ok(t, trusted, 'with the line, there or in the home, it is added');
    t.match(await readFile(join(student.classroom, 'node_modules', name, 'course.json'), 'utf8'), name);
    return ended.code === 0
      ? WORKS
      : inItsOwnWords(t, ended, /environment variables are not expanded in .*credentials/);
  },
};

/** Moves the settings of the class to where no repository can put any. */
async function trustHome({ classroom, home }: Seat): Promise<void> {
  await appendFile(join(home, '.npmrc'), await readFile(join(classroom, '.npmrc')));
  await rm(join(classroom, '.npmrc'));
}

/** Lines of class files that let a class have a course on the day of its release. */
const AT_ONCE = /^(npmPreapprovedPackages|minimumReleaseAgeExclude): .*\n/m;

/** How clients say that a release is too young. */
const HELD_BACK = /ERR_PNPM_MINIMUM_RELEASE_AGE_VIOLATION|The version .* is quarantined.*/;

export const addUnprepared: Row = {
  title: 'add a release of today, without the lines that allow it',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    await removeLines(desk, student);
    const ended = await student.use(desk.dialect.add(['@diego/rust-mastery']));
    if (ended.code === 0) return courseIsThere(t, desk, student);
    return inItsOwnWords(t, ended, HELD_BACK);
  },
};

export const frozenUnprepared: Row = {
  title: 'frozen install of a release of today, without them',
  async run(t, desk) {
    const [first, second] = [await studentAt(t, desk), await studentAt(t, desk)];
    ok(t, await first.use(desk.dialect.add(['@diego/rust-mastery'])), 'with the lines it is added');
    await handOver(first, second, ['package.json', desk.client.lockfile]);
    await removeLines(desk, second);
    const ended = await second.use(desk.dialect.frozen);
    if (ended.code === 0) return courseIsThere(t, desk, second);
    return inItsOwnWords(t, ended, HELD_BACK);
  },
};

async function courseIsThere(t: Test, desk: Desk, student: Seat) {
  await checkCourse(t, desk, student, '@diego/rust-mastery');
  return WORKS;
}

async function removeLines(desk: Desk, { classroom }: Seat): Promise<void> {
  for (const file of desk.client.files) {
    const path = join(classroom, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(AT_ONCE, ''));
  }
}

/** What a commit and a clone do. */
async function handOver(from: Seat, to: Seat, files: readonly string[]): Promise<void> {
  for (const file of files) await cp(join(from.classroom, file), join(to.classroom, file));
}

async function checkCourses(t: Test, desk: Desk, student: Seat): Promise<void> {
  for (const name of COURSES) await checkCourse(t, desk, student, name);
}

async function checkCourse(t: Test, { registry }: Desk, student: Seat, name: string): Promise<void> {
  const { body } = await registry.json(`/${name}/latest`);
  const { progy } = body.dist as { progy: { tree: string } };
  await checkInstalled(t, await folderOf(student, name), progy.tree);
}

async function filesOfCourses(student: Seat): Promise<Record<string, FoundFile[]>> {
  const found = COURSES.map(async (name) => [name, await readFiles(await folderOf(student, name))] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** pnpm puts a link there. */
async function folderOf({ classroom }: Seat, name: string): Promise<string> {
  return realpath(join(classroom, 'node_modules', name));
}

/** Clients look elsewhere for newer versions of themselves; a course is what must not be named there. */
function namesCourse(request: string): boolean {
  return /diego|marta/.test(request);
}
