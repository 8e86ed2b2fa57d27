// Packing a course gives the same bytes on any machine, at any time and for any user.
import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type FoundFile, readFiles, temporaryFolder } from './helpers/folders.ts';
import { progy } from './helpers/progy.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/courses', import.meta.url));

/** How a copy of a course came to be on somebody's disk. */
interface Circumstances {
  umask: string;
  mtime: string;
  env: NodeJS.ProcessEnv;
  order: (a: FoundFile, b: FoundFile) => number;
}

const HERE: Circumstances = {
  umask: '022',
  mtime: '2001-01-01T00:00:00Z',
  env: { TZ: 'UTC', LC_ALL: 'C' },
  order: (a, b) => (a.path < b.path ? -1 : 1),
};
const ELSEWHERE: Circumstances = {
  umask: '077',
  mtime: '2037-12-31T23:59:59Z',
  env: { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
  order: (a, b) => (a.path < b.path ? 1 : -1),
};

for (const slug of ['rust-mastery', 'sql-detective', 'javascript-quest', 'private-notes']) {
  t.test(`${slug} packed in two places, at other times, with other umasks and locales, is the same file`, async (t) => {
    const here = await packCopy(t, slug, HERE);
    const elsewhere = await packCopy(t, slug, ELSEWHERE);
    t.ok(here.equals(elsewhere));
  });
}

t.test('a byte or an exec bit more is another file', async (t) => {
  const [plain, longer, executable] = [await smallCourse(t), await smallCourse(t), await smallCourse(t)];
  await writeFile(join(longer, 'content/a.md'), 'a\n\n');
  await chmod(join(executable, 'content/a.md'), 0o755);
  const packed = await Promise.all([plain, longer, executable].map((folder) => pack(t, folder, HERE)));
  t.equal(new Set(packed.map((bytes) => bytes.toString('base64'))).size, 3);
});

async function packCopy(t: Test, slug: string, circumstances: Circumstances): Promise<Buffer> {
  const folder = join(await temporaryFolder(t), 'copy');
  for (const file of (await readFiles(join(FIXTURES, slug))).sort(circumstances.order)) {
    await copyFile(join(FIXTURES, slug, file.path), join(folder, file.path), file, circumstances);
  }
  return pack(t, folder, circumstances);
}

async function copyFile(
  from: string,
  to: string,
  { permissions }: FoundFile,
  { umask, mtime }: Circumstances,
): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, await readFile(from));
  await chmod(to, permissions & ~Number.parseInt(umask, 8));
  await utimes(to, new Date(mtime), new Date(mtime));
}

async function smallCourse(t: Test): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'content'));
  await writeFile(join(folder, 'course.json'), '{"name":"@diego/small","version":"1.0.0"}');
  await writeFile(join(folder, 'content/a.md'), 'a\n');
  return folder;
}

async function pack(t: Test, folder: string, { umask, env }: Circumstances): Promise<Buffer> {
  const home = await temporaryFolder(t);
  await progy(['pack', folder, '--output', join(home, 'course.progy')], { cwd: home, home, env, umask });
  return readFile(join(home, 'course.progy'));
}
