// A course with a picture and a table in each exercise: progy publishes it, npm installs it, progy init starts it, and all have the same files.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { treeHash } from '@progy/protocol/course/tree-hash.ts';
import t from 'tap';
import { between, pictureOf, type Random, seededRandom, tableOf } from '../../../fixtures/ordinary-content.ts';
import { openStarted } from '../helpers/started-registry.ts';
import { download, filesAfterInit } from './helpers/course-forms.ts';
import { readCourseFiles, temporaryFolder } from './helpers/folders.ts';
import { checkInstalled } from './helpers/installed-course.ts';
import { findNpms } from './helpers/npm-programs.ts';
import { progy } from './helpers/progy.ts';
import { newStudent } from './helpers/student.ts';

const NAME = parsePackageName('@diego/ordinary');
const VERSION = '1.0.0';
const EXERCISES = 12;

const registry = await openStarted(t);
const token = await registry.signUp('diego');

/** Writes the course as its author has it on disk. */
async function writeCourse(folder: string, random: Random): Promise<void> {
  const write = async (path: string, content: Uint8Array | string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await write('course.json', JSON.stringify({ name: NAME.full, version: VERSION }));
  for (let i = 10; i < 10 + EXERCISES; i++) {
    await write(`content/01_data/${i}_exercise/README.md`, `# Exercise ${i}\n`);
    await write(`content/01_data/${i}_exercise/picture.png`, pictureOf(between(80_000, 380_000, random), random));
    await write(`content/01_data/${i}_exercise/table.csv`, tableOf(between(300_000, 3_000_000, random), random));
  }
}

t.test('published by progy, installed by npm and started by progy init, it is the author’s files', async (t) => {
  const author = await temporaryFolder(t);
  await writeCourse(author, seededRandom(7));
  const source = await readCourseFiles(author);
  const tree = treeHash(source, nodePlatform);
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: token };
  await progy(['publish'], { cwd: author, home: await temporaryFolder(t), env });

  const release = { registry, token, name: NAME, version: VERSION };
  t.same((await download(release)).trees, { dist: tree, resolve: tree }, 'what the registry shows');

  for (const npm of await findNpms(t)) {
    const student = await newStudent(t, npm, registry.url);
    t.match(await student.runNpm(['install', NAME.full]), { code: 0 }, npm.label);
    await checkInstalled(t, join(student.classroom, 'node_modules', NAME.full), tree);
  }

  t.strictSame(await filesAfterInit(t, release), source, 'what progy init makes');
});
