// Real npms that install courses: from a packument or a committed lockfile, with the same files on every laptop, running nothing.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openClassrooms, printed, viewDist } from './helpers/classrooms.ts';
import { type FoundFile, readFiles } from './helpers/folders.ts';
import { checkInstalled } from './helpers/installed-course.ts';
import type { Npm } from './helpers/npm-programs.ts';
import { newStudent, type Student } from './helpers/student.ts';

const COURSES = ['@diego/javascript-quest', '@diego/rust-mastery', '@marta/sql-detective'];
const { registry, npms, eachNpm, publishNew } = await openClassrooms(t);

eachNpm('install puts every file of a course into node_modules, and locks its integrity', async (t, student) => {
  const name = '@diego/javascript-quest';
  printed(t, await student.runNpm(['install', name]));
  const dist = await viewDist(t, student, name);
  const lock = JSON.parse(await readFile(join(student.classroom, 'package-lock.json'), 'utf8'));
  t.match(lock.packages[`node_modules/${name}`], { resolved: dist.tarball, integrity: dist.integrity });
  const list = await checkInstalled(t, join(student.classroom, 'node_modules', name), dist.progy.tree);
  t.ok(list.files.some(({ path, stored }) => path === '.gitignore' && stored !== undefined));
});

eachNpm('install and ci tell the public npm registry nothing about a class', async (t, student) => {
  printed(t, await student.runNpm(['install', ...COURSES]));
  printed(t, await student.runNpm(['ci']));
  t.strictSame(student.askedPublicly, []);
});

eachNpm('where the registry is the only one, it answers the audit too', async (t, student) => {
  const install = ['install', ...COURSES, '--audit', '--registry', registry.url];
  t.match(printed(t, await student.runNpm(install)), 'found 0 vulnerabilities');
});

eachNpm('ci gives two laptops the same tree from a committed lockfile', async (t, student) => {
  const repository = await commitClassroom(t, student);
  const first = await installOnLaptop(t, student.npm, repository);
  const second = await installOnLaptop(t, student.npm, repository);
  t.strictSame(first, second);
  t.equal(first.filter(({ path }) => /^@\w+\/[\w-]+\/course\.json$/.test(path)).length, COURSES.length);
});

const skip = npms.length === 1 && 'there is only one npm here';
t.test('laptops with different npms get the same courses from one lockfile', { skip }, async (t) => {
  const repository = await commitClassroom(t, await newStudent(t, npms[0] as Npm, registry.url));
  const trees = await Promise.all(npms.map((npm) => installOnLaptop(t, npm, repository)));
  // npm's own note beside the packages is not of the course.
  const [first, second] = trees.map((files) => files.filter(({ path }) => path !== '.package-lock.json'));
  t.strictSame(first, second);
});

/** The instructor's part: installs the courses and commits what .npmrc.example says to commit. */
async function commitClassroom(t: Test, instructor: Student): Promise<string> {
  printed(t, await instructor.runNpm(['install', ...COURSES]));
  await writeFile(join(instructor.classroom, '.gitignore'), 'node_modules/\n');
  await git(t, instructor, ['init', '--quiet']);
  await git(t, instructor, ['add', '.']);
  await git(t, instructor, ['commit', '--quiet', '--message', 'Start the class']);
  return instructor.classroom;
}

/** A student's part, on a machine of their own. */
async function installOnLaptop(t: Test, npm: Npm, repository: string): Promise<FoundFile[]> {
  const student = await newStudent(t, npm, registry.url);
  const laptop = join(student.folder, 'laptop');
  await git(t, student, ['clone', '--quiet', repository, laptop]);
  printed(t, await student.runNpm(['ci'], { cwd: laptop }));
  t.equal(await git(t, student, ['-C', laptop, 'status', '--short']), '', 'nothing differs from what was committed');
  return readFiles(join(laptop, 'node_modules'));
}

async function git(t: Test, student: Student, args: readonly string[]): Promise<string> {
  const asTeacher = ['-c', 'user.name=Teacher', '-c', 'user.email=teacher@example.com'];
  const { code, stdout, stderr } = await student.run(['git', ...asTeacher], args);
  t.equal(code, 0, stderr);
  return stdout;
}

eachNpm('ci refuses other bytes than the lockfile names, and installs nothing', async (t, student) => {
  printed(t, await student.runNpm(['install', '@diego/rust-mastery', '--package-lock-only']));
  const file = join(student.classroom, 'package-lock.json');
  const otherBytes = `sha512-${createHash('sha512').update('other bytes').digest('base64')}`;
  await writeFile(file, (await readFile(file, 'utf8')).replace(/sha512-[^"]+/, otherBytes));
  // Without this npm asks again for two minutes.
  const ended = await student.runNpm(['ci', '--fetch-retries=0']);
  t.match(ended, { code: 1, stderr: /npm error code EINTEGRITY/ });
  const course = join(student.classroom, 'node_modules/@diego/rust-mastery/course.json');
  await t.rejects(readFile(course), { code: 'ENOENT' });
});

/** Nothing of npm's own stops a package from running scripts. */
const LET_RUN = ['--ignore-scripts=false', '--dangerously-allow-all-scripts'];
const SCRIPTS = { postinstall: 'echo postinstall >> "$RAN"' };
/** What npm would act on in a package: its script, and binding.gyp, for which it runs node-gyp. */
const RUNNABLE = {
  'package.json': JSON.stringify({ name: 'runnable', version: '1.0.0', scripts: SCRIPTS }),
  'binding.gyp': '{}',
};
eachNpm('installing a course runs nothing, where a package of the same files would', async (t, student) => {
  student.env.RAN = join(student.folder, 'ran.txt');
  await placeNodeGyp(student);
  const name = await publishNew({ files: RUNNABLE, course: { scripts: SCRIPTS } });
  printed(t, await student.runNpm(['install', name, ...LET_RUN]));
  printed(t, await student.runNpm(['ci', ...LET_RUN]));
  await t.rejects(readFile(student.env.RAN), { code: 'ENOENT' });
  await student.runNpm(['install', await packAsPackage(student), ...LET_RUN]);
  t.equal(await readFile(student.env.RAN, 'utf8'), 'node-gyp rebuild\npostinstall\n');
});

/** A node-gyp that only notes that it was run, where npm looks first. */
async function placeNodeGyp({ folder }: Student): Promise<void> {
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'node-gyp'), '#!/bin/sh\necho "node-gyp $*" >> "$RAN"\n');
  await chmod(join(bin, 'node-gyp'), 0o755);
}

async function packAsPackage(student: Student): Promise<string> {
  const cwd = join(student.folder, 'runnable');
  await mkdir(cwd);
  for (const [path, text] of Object.entries(RUNNABLE)) await writeFile(join(cwd, path), text);
  const { stdout } = await student.runNpm(['pack', '--ignore-scripts'], { cwd });
  return join(cwd, stdout.trim());
}
