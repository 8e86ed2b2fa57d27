// A course is the same files in its author's folder, its .progy file, its tarball and a student's folder: fixtures and random ones.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { checkCollisions, comparePaths } from '@progy/protocol/course/course-files.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { type HashedEntry, hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { courseTrees } from '@progy/protocol/test/helpers/course-trees.ts';
import { asCourseFiles, collect, packable } from '@progy/protocol/test/helpers/files.ts';
import { type PackableFile, writeProgyFile } from '@progy/protocol/zip/progy-file.ts';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { signIn } from '../harness.ts';
import { openStarted } from '../helpers/started-registry.ts';
import {
  type Downloaded,
  download,
  filesAfterInit,
  filesAfterUnzip,
  filesOfProgyFile,
  filesOfTarball,
  type Release,
} from './helpers/course-forms.ts';
import { readCourseFiles, temporaryFolder } from './helpers/folders.ts';
import { findOnPath } from './helpers/npm-programs.ts';
import { progy } from './helpers/progy.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/courses', import.meta.url));
/** Every sound fixture course, and which files of its folder are not of the course. */
const COURSES: { slug: string; leftOut: readonly string[] }[] = [
  { slug: 'rust-mastery', leftOut: ['drafts/ideas.md'] },
  { slug: 'sql-detective', leftOut: [] },
  { slug: 'javascript-quest', leftOut: [] },
  { slug: 'private-notes', leftOut: [] },
];

const registry = await openStarted(t, { seed: true });
const diego = String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token);
await publishFixture('private-notes');

/** The seed has the public ones only. */
async function publishFixture(slug: string): Promise<void> {
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: diego };
  await progy(['publish'], { cwd: join(FIXTURES, slug), home: await temporaryFolder(t), env });
}

async function releaseOf(slug: string): Promise<Release> {
  const { name, version } = parseCourse(await readFile(join(FIXTURES, slug, 'course.json')));
  return { registry, token: diego, name, version };
}

for (const { slug, leftOut } of COURSES) {
  const source = () => readCourseFiles(join(FIXTURES, slug), (path) => leftOut.includes(path));

  t.test(`${slug}: folder, .progy file, tarball and progy init hold the same files`, async (t) => {
    t.strictSame(await everyForm(t, await releaseOf(slug)), everyFormOf(await source()));
  });

  t.test(`${slug}: the system’s unzip finds the same files in the .progy file`, async (t) => {
    const unzip = await findOnPath('unzip');
    if (unzip === undefined) return t.pass('unzip', { skip: 'this machine has no unzip' });
    const { progyFile } = await download(await releaseOf(slug));
    t.strictSame(await filesAfterUnzip(t, unzip, progyFile), await source());
  });

  t.test(`${slug}: the registry serves the very bytes that progy pack writes`, async (t) => {
    const home = await temporaryFolder(t);
    await progy(['pack', join(FIXTURES, slug), '-o', 'course.progy'], { cwd: home, home });
    const { progyFile } = await download(await releaseOf(slug));
    t.ok(Buffer.from(progyFile).equals(await readFile(join(home, 'course.progy'))));
  });
}

interface EveryForm {
  /** Tree hashes that the registry shows. */
  shown: Downloaded['trees'];
  /** Files and tree hash by form. */
  forms: Record<string, { tree: string; files: readonly HashedEntry[] }>;
}

/** Gets a release in every form and reads it. */
async function everyForm(t: Test, release: Release): Promise<EveryForm> {
  const { progyFile, tarball, trees } = await download(release);
  const forms = {
    '.progy file': toForm(await filesOfProgyFile(progyFile)),
    tarball: toForm(await filesOfTarball(tarball)),
    'progy init': toForm(await filesAfterInit(t, release)),
  };
  return { shown: trees, forms };
}

/** What {@link everyForm} must find of a course with these files. */
function everyFormOf(source: readonly HashedEntry[]): EveryForm {
  const form = toForm(source);
  return {
    shown: { dist: form.tree, resolve: form.tree },
    forms: { '.progy file': form, tarball: form, 'progy init': form },
  };
}

function toForm(files: readonly HashedEntry[]) {
  const sorted = files.toSorted((a, b) => comparePaths(a.path, b.path));
  return { tree: treeHash(files, nodePlatform), files: sorted };
}

/** Files that npm or git would act on, and others that archives like to lose something of. */
const AWKWARD: PackableFile[] = [
  packable('package.json', '{"name":"own","scripts":{"postinstall":"exit 1"}}', '100755'),
  packable('binding.gyp', '{}'),
  packable('npm-shrinkwrap.json', '{}'),
  packable('.gitignore', 'node_modules/\n'),
  packable('content/01_start/.gitignore', '*\n!keep\n'),
  packable('runner/check.sh', '#!/bin/sh\n', '100755'),
  packable('content/01_start/empty.txt'),
];
const randomCourses = fc
  .tuple(courseTrees, fc.subarray(AWKWARD))
  .map(([tree, awkward]) => [...tree.filter(({ path }) => path !== 'course.json'), ...awkward])
  .filter(canLieTogether);

function canLieTogether(files: readonly PackableFile[]): boolean {
  try {
    checkCollisions(files.map(({ path }) => path));
    return true;
  } catch {
    return false;
  }
}

t.test('random courses are the same files in every form', async (t) => {
  const name = parsePackageName('@diego/random');
  let patch = 0;
  const property = fc.asyncProperty(randomCourses, async (files) => {
    const version = `1.0.${patch++}`;
    const source = [packable('course.json', JSON.stringify({ name: name.full, version })), ...files];
    const { status } = await registry.publish(diego, await collect(writeProgyFile(source, nodePlatform)));
    assert.equal(status, 201);
    const found = await everyForm(t, { registry, token: diego, name, version });
    // Thrown, so that fast-check looks for the smallest course that differs.
    assert.deepEqual(found, everyFormOf(await hashFiles(asCourseFiles(source), nodePlatform)));
  });
  await t.resolves(fc.assert(property, { numRuns: 15 }));
});
