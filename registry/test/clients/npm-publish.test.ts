// Real npms that publish: a course folder becomes the same course as with `progy publish`, and refusals say what to do.
import { randomFillSync } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { openRegistry, type RegistryClient } from '../harness.ts';
import { openClassrooms } from './helpers/classrooms.ts';
import { filesOfProgyFile } from './helpers/course-forms.ts';
import { progy } from './helpers/progy.ts';
import type { Ended } from './helpers/run-program.ts';
import type { Student } from './helpers/student.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/courses/', import.meta.url));

const { registry, eachNpm } = await openClassrooms(t);
const ines = await registry.signUp('ines');
/** Where the same courses go through the other door. */
const other = await openRegistry(t);
const inesThere = await other.signUp('ines');

/** An instructor with a course folder, and a package.json next to course.json. */
interface Instructor {
  folder: string;
  npm(...args: string[]): Promise<Ended>;
}

let courses = 0;

/** Copies a fixture under a new name. */
async function instructor(
  student: Student,
  fixture: string,
  version = '1.0.0',
): Promise<Instructor & { name: string }> {
  const name = `@ines/${fixture}-${++courses}`;
  const folder = join(student.folder, 'course');
  await cp(join(FIXTURES, fixture), folder, { recursive: true });
  await renamed(join(folder, 'course.json'), { name, version });
  await renamed(join(folder, 'package.json'), { name, version });
  return { name, ...(await signedIn(student, folder)) };
}

async function signedIn(student: Student, folder: string): Promise<Instructor> {
  const host = (url: string) => url.replace('http:', '');
  const lines = [
    `@ines:registry=${registry.url}/`,
    `${host(registry.url)}/:_authToken=${ines}`,
    `${host(other.url)}/:_authToken=${inesThere}`,
  ];
  await appendFile(join(student.folder, 'home', '.npmrc'), `${lines.join('\n')}\n`);
  return { folder, npm: (...args) => student.runNpm(args, { cwd: folder }) };
}

/** Sets fields of a JSON file, which may be missing. */
async function renamed(path: string, fields: object): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '{}');
  await writeFile(path, `${JSON.stringify({ ...JSON.parse(before), ...fields }, null, 2)}\n`);
}

async function emptyCourse(student: Student, name: string, version = '1.0.0'): Promise<Instructor> {
  const folder = join(student.folder, 'course');
  await mkdir(join(folder, 'content'), { recursive: true });
  await writeFile(join(folder, 'content', 'a.md'), 'Hello\n');
  for (const file of ['course.json', 'package.json']) await renamed(join(folder, file), { name, version });
  return signedIn(student, folder);
}

/** What a registry hands out of a version. */
async function served({ fetch, json }: RegistryClient, full: string, version: string) {
  const name = parsePackageName(full);
  const bytesAt = async (path: string) => Buffer.from(await (await fetch(path)).arrayBuffer());
  const { body } = await json(`/${full.replace('/', '%2f')}/${version}`);
  return {
    dist: body.dist as { integrity: string; progy: { tree: string } },
    tarball: await bytesAt(tarballPath(name, version)),
    progyFile: await bytesAt(downloadPath(name, version)),
  };
}

async function throughBothDoors({ name, folder, npm }: Instructor & { name: string }, home: string) {
  const ended = await npm('publish');
  if (ended.code !== 0) throw new Error(ended.stderr);
  await progy(['publish'], { cwd: folder, home, env: { PROGY_REGISTRY: other.url, PROGY_TOKEN: inesThere } });
  return { byNpm: await served(registry, name, '1.0.0'), byProgy: await served(other, name, '1.0.0'), ended };
}

for (const fixture of ['rust-mastery', 'sql-detective', 'private-notes']) {
  eachNpm(`publish of ${fixture} is byte for byte what progy publishes`, async (t, student) => {
    const author = await instructor(student, fixture);
    if (fixture === 'private-notes') await renamed(join(author.folder, 'course.json'), { private: false });
    await writeFile(join(author.folder, '.env'), 'TOKEN=secret\n');
    const { byNpm, byProgy, ended } = await throughBothDoors(author, student.folder);
    t.equal(byNpm.dist.progy.tree, byProgy.dist.progy.tree);
    t.equal(byNpm.dist.integrity, byProgy.dist.integrity);
    t.ok(byNpm.tarball.equals(byProgy.tarball));
    t.ok(byNpm.progyFile.equals(byProgy.progyFile));
    t.match(ended.stderr, /npm notice Not part of the course: .*\.env/);
    t.match(ended.stdout, `+ ${author.name}@1.0.0`);
  });
}

eachNpm('publish loses every .gitignore, for npm puts none into a tarball, and nothing else', async (t, student) => {
  const author = await instructor(student, 'javascript-quest');
  const { byNpm, byProgy } = await throughBothDoors(author, student.folder);
  const [fromNpm, fromProgy] = await Promise.all([byNpm, byProgy].map(({ progyFile }) => filesOfProgyFile(progyFile)));
  const kept = fromProgy?.filter(({ path }) => !path.endsWith('.gitignore'));
  t.equal(fromProgy?.length, (kept?.length ?? 0) + 2);
  t.same(fromNpm, kept);
});

eachNpm('publish of a tarball from a registry gives the same course elsewhere', async (t, student) => {
  const name = `@ines/moved-${++courses}`;
  const { folder, npm } = await emptyCourse(student, name);
  await writeFile(join(folder, '.gitignore'), '*.log\n');
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: ines };
  await progy(['publish'], { cwd: folder, home: student.folder, env });
  const tarball = (await npm('pack', name)).stdout.trim();
  const ended = await npm('publish', tarball, `--@ines:registry=${other.url}/`);
  t.equal(ended.code, 0, ended.stderr);
  const [here, there] = [await served(registry, name, '1.0.0'), await served(other, name, '1.0.0')];
  t.ok(there.tarball.equals(here.tarball));
  t.ok(there.progyFile.equals(here.progyFile));
});

eachNpm('publish of a version that exists is refused', async (t, student) => {
  const author = await emptyCourse(student, `@ines/twice-${++courses}`);
  t.equal((await author.npm('publish')).code, 0);
  const again = await author.npm('publish');
  t.equal(again.code, 1);
  t.match(again.stderr, /previously published version/);
});

eachNpm('publish of a prerelease needs a tag', async (t, student) => {
  const name = `@ines/early-${++courses}`;
  const author = await emptyCourse(student, name, '2.0.0-beta.1');
  const refused = await author.npm('publish');
  t.equal(refused.code, 1);
  t.match(refused.stderr, /--tag/);
  t.equal((await author.npm('publish', '--tag', 'beta')).code, 0);
  const { body } = await registry.json(`/${name.replace('/', '%2f')}`);
  t.match(body['dist-tags'], { beta: '2.0.0-beta.1' });
});

eachNpm('publish says what to do when it is refused', async (t, student) => {
  const author = await emptyCourse(student, '@ines/refused');
  const { folder, npm } = author;
  const isRefused = async (code: string, says: RegExp) => {
    const ended = await npm('publish');
    t.equal(ended.code, 1);
    t.match(ended.stderr, `npm error code ${code}\n`);
    t.match(ended.stderr, says);
  };
  await renamed(join(folder, 'package.json'), { version: '1.1.0' });
  await isRefused('E400', /package\.json says version "1\.1\.0", course\.json says "1\.0\.0": make them the same/);
  await renamed(join(folder, 'package.json'), { version: '1.0.0', files: ['content'] });
  await isRefused('E400', /has no course\.json at its root.*if package\.json has "files", list course\.json/);
  await renamed(join(folder, 'package.json'), { files: undefined });
  await writeFile(join(folder, 'content', 'large.bin'), randomFillSync(Buffer.alloc(22_000_000)));
  await isRefused(
    'E413',
    /The tarball is too large; npm clients may publish at most 20 MB\. Publish larger courses with: progy publish/,
  );
  await writeFile(join(folder, 'content', 'large.bin'), '');
  for (const file of ['course.json', 'package.json']) await renamed(join(folder, file), { name: '@diego/refused' });
  await appendFile(join(student.folder, 'home', '.npmrc'), `@diego:registry=${registry.url}/\n`);
  await isRefused('E403', /You do not own @diego\. You are signed in as ines and may publish to @ines/);
  t.equal((await registry.json('/@ines%2frefused')).status, 404);
});
