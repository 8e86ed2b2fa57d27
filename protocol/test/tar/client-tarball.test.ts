// Tarballs that npm clients pack: which courses they become, and which of them are refused.
import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { hostilePackages, PACKAGE_ENTRIES } from '../../../fixtures/hostile-packages.ts';
import { buildTarball, paxHeader, type TarEntrySpec } from '../../../fixtures/tar-builder.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { parseCourse } from '../../course/course.ts';
import { isNeverPacked } from '../../course/course-files.ts';
import { treeHash } from '../../course/tree-hash.ts';
import { CLIENT_LIMITS } from '../../tar/client-files.ts';
import { type ClientCourse, readClientTarball, scriptsExecutable } from '../../tar/client-tarball.ts';
import { writeTarball } from '../../tar/tarball.ts';
import { type PackableFile, writePackedFiles, writeProgyFile } from '../../zip/progy-file.ts';
import { courseTrees } from '../helpers/course-trees.ts';
import { asCourseFiles, collect, inPieces } from '../helpers/files.ts';

const read = (tarball: Uint8Array) => readClientTarball(inPieces(tarball, 700), nodePlatform);
const readEntries = (...entries: TarEntrySpec[]) => read(buildTarball([...PACKAGE_ENTRIES, ...entries]));
const progyFileOf = ({ files }: ClientCourse) => Buffer.concat([...writePackedFiles(files)]);
const pathsOf = ({ files }: ClientCourse) => files.map(({ path }) => path).sort();

const BASE = ['content/x', 'course.json', 'package.json'];

for (const { title, code, because, tarball } of hostilePackages()) {
  t.test(`${title}: ${code}`, async (t) => {
    await t.rejects(read(tarball).then(progyFileOf), { code, message: because });
  });
}

t.test('a folder that npm packed is the .progy file that progy packs of it, byte for byte', async (t) => {
  await fc.assert(
    fc.asyncProperty(courseTrees, async (tree) => {
      const files = tree.filter(({ path }) => !isNeverPacked(path) && path !== 'package.json');
      t.ok(
        progyFileOf(await read(await packedByNpm(files))).equals(await collect(writeProgyFile(files, nodePlatform))),
      );
    }),
    { numRuns: 40 },
  );
});

async function packedByNpm(files: readonly PackableFile[]): Promise<Uint8Array> {
  const entries = files.map(async ({ path, mode, open }): Promise<TarEntrySpec[]> => {
    const file = { name: 'package/x', content: await collect(open()), mode: mode === '100755' ? 0o755 : 0o644 };
    return [paxHeader({ path: `package/${path}` }), file];
  });
  return buildTarball((await Promise.all(entries)).flat());
}

t.test('the tarball that the registry makes gives back the course it was made of', async (t) => {
  await fc.assert(
    fc.asyncProperty(courseTrees, async (files) => {
      const course = parseCourse(Buffer.from('{"name":"@diego/rust-mastery","version":"1.0.0"}'));
      const { bytes, contents } = writeTarball(course, asCourseFiles(files), nodePlatform);
      const restored = await read(await collect(bytes));
      t.equal(restored.tree, contents().tree);
      t.ok(progyFileOf(restored).equals(await collect(writeProgyFile(files, nodePlatform))));
    }),
    { numRuns: 40 },
  );
});

t.test('a tarball of the registry with anything more or less in it is refused', async (t) => {
  const course = parseCourse(Buffer.from('{"name":"@diego/hostile","version":"1.0.0"}'));
  const files = PACKAGE_ENTRIES.slice(1).map(({ name, content = '' }): PackableFile => {
    const bytes = Buffer.from(content);
    return { path: String(name).slice(8), mode: '100644', size: bytes.length, open: () => inPieces(bytes) };
  });
  const tar = gunzipSync(await collect(writeTarball(course, asCourseFiles(files), nodePlatform).bytes));
  const more = (...entries: TarEntrySpec[]) =>
    gzipSync(Buffer.concat([tar.subarray(0, -1024), gunzipSync(buildTarball(entries))]));
  t.same(pathsOf(await read(more())), ['content/x', 'course.json']);
  const refused: [TarEntrySpec, RegExp][] = [
    [{ name: 'package/content/y' }, /does not match the list of files/],
    [{ name: 'package/.progy/stored/.gitignore.stored' }, /does not match the list of files/],
    [{ name: 'package/.progy/stored/content/z.stored' }, /is not where course files belong/],
    [{ name: 'package/.progy/stored/../.gitignore.stored' }, /is in \.progy/],
    [{ name: 'package/.progy/other' }, /is in \.progy/],
    [{ name: 'package/.gitignore' }, /is not where course files belong/],
    [{ name: 'package/node_modules/x/index.js' }, /is not where course files belong/],
    [{ name: 'package/.npmrc' }, /is not where course files belong/],
  ];
  for (const [entry, because] of refused) {
    await t.rejects(read(more(entry)), { code: 'INVALID_ARTIFACT', message: because }, String(entry.name));
  }
  const stale = Buffer.from(tar.toString('latin1').replace('content of x', 'content of y'), 'latin1');
  await t.rejects(read(gzipSync(stale)), { code: 'INVALID_ARTIFACT', message: /"content\/x" does not match the list/ });
});

t.test('what progy never packs stays out, and is named', async (t) => {
  const never = [
    '.npmrc',
    '.env',
    'content/.env.local',
    '.git/config',
    'node_modules/a/index.js',
    '.yarnrc.yml',
    '.progy/state.json',
    'progy-lock.json',
    '.DS_Store',
    'old-1.0.0.progy',
    'bunfig.toml',
  ];
  const course = await readEntries(...never.map((path) => ({ name: `package/${path}`, content: 'secret' })));
  t.same(pathsOf(course), BASE);
  t.same(course.leftOut, [...never].sort());
});

t.test('"files" of course.json decides what is taken; what else is there may have any name', async (t) => {
  const courseJson = {
    name: '@diego/hostile',
    version: '1.0.0',
    files: ['content', '!content/drafts', 'package.json'],
  };
  const entries = [
    { name: 'package/course.json', content: JSON.stringify(courseJson) },
    { name: 'package/content/x' },
    { name: 'package/content/drafts/answers.md' },
    { name: 'package/README.md' },
    { name: 'package/package.json', content: '{}' },
    { name: 'package/drafts/aux.md' },
  ];
  const course = await read(buildTarball(entries));
  t.same(pathsOf(course), BASE);
  t.same(course.leftOut, ['README.md', 'content/drafts/answers.md', 'drafts/aux.md']);
});

t.test('the ways in which clients write tar do not matter', async (t) => {
  const plain = await readEntries({ name: 'package/run.sh', content: '#!', mode: 0o755 });
  const bare = [...PACKAGE_ENTRIES, { name: 'package/run.sh', content: '#!', mode: 0o755 }];
  const renamed = (from: RegExp, to: string) =>
    bare.map((entry) => ({ ...entry, name: String(entry.name).replace(from, to) }));
  const [first, second] = [bare.slice(0, 2), bare.slice(2)].map((entries) => gunzipSync(buildTarball(entries)));
  const variants: Record<string, Uint8Array> = {
    'folders have entries': buildTarball([
      { name: 'package/', type: '5' },
      { name: 'package/content', type: '5' },
      ...bare,
    ]),
    'another top folder': buildTarball(renamed(/^package/, 'diego-hostile-3f2a')),
    'a dot before it': buildTarball(renamed(/^/, './')),
    'another order': buildTarball(bare.toReversed()),
    'other modes': buildTarball(bare.map((entry) => ({ ...entry, mode: entry.mode === 0o755 ? 0o4700 : 0o600 }))),
    'contiguous files': buildTarball(bare.map((entry) => ({ ...entry, type: '7' }))),
    'times in pax headers': buildTarball(
      bare.flatMap((entry) => [paxHeader({ mtime: '1700000000.123', 'SCHILY.dev': '1' }), entry]),
    ),
    'two gzip members': Buffer.concat([gzipSync((first as Buffer).subarray(0, -1024)), gzipSync(second as Buffer)]),
  };
  for (const [title, tarball] of Object.entries(variants)) {
    const course = await read(tarball);
    t.equal(course.tree, plain.tree, title);
    t.ok(progyFileOf(course).equals(progyFileOf(plain)), title);
  }
});

t.test('scripts are executable where the client packs no exec bits', async (t) => {
  const scripts = ['#!/bin/sh\n', '#!', '#', '', '# !', 'echo'].map((content, i) => ({
    name: `package/run-${i}`,
    content,
  }));
  const executable = async (...more: TarEntrySpec[]) => {
    const { files, tree } = scriptsExecutable(await readEntries(...scripts, ...more), nodePlatform);
    t.equal(tree, treeHash(files, nodePlatform));
    return files.filter(({ mode }) => mode === '100755').map(({ path }) => path);
  };
  t.same(await executable(), ['run-0', 'run-1']);
  t.same(await executable({ name: 'package/bin', mode: 0o755 }), ['bin'], 'an exec bit shows that there are some');
  const asPacked = await readEntries(...scripts);
  t.ok(asPacked.files.every(({ mode }) => mode === '100644'));
  t.equal(scriptsExecutable({ ...asPacked, isRelease: true }, nodePlatform).tree, asPacked.tree);
});

t.test('files that stay large one by one are PAYLOAD_TOO_LARGE, before they fill the memory', async (t) => {
  const block = randomBytes(1_000_000);
  const count = Math.ceil(CLIENT_LIMITS.packedBytes / block.length) + 1;
  const big = Array.from({ length: count }, (_, i) => ({ name: `package/content/${i}`, content: block }));
  await t.rejects(readEntries(...big), { code: 'PAYLOAD_TOO_LARGE', message: /32 MB.*progy publish/ });
});

t.test('package.json must be true where it says something', async (t) => {
  const manifest = (content: string) =>
    read(buildTarball([{ name: 'package/package.json', content }, ...PACKAGE_ENTRIES.slice(1)]));
  for (const content of ['{}', '\ufeff{}', 'null', '[]', '{"name":"@diego/hostile"}'])
    t.same(pathsOf(await manifest(content)), BASE, content);
  const table: [string, string][] = [
    ['{"name":"hostile"}', 'name'],
    ['{"name":["@diego/hostile"]}', 'name'],
    ['{"version":"1.0.1"}', 'version'],
    ['{"version":1}', 'version'],
    ['{', 'package.json'],
  ];
  for (const [content, field] of table)
    await t.rejects(manifest(content), { code: 'METADATA_MISMATCH', evidence: { field } }, content);
});
