import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { sha256Hex } from '../../bytes/integrity.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { parseCourse } from '../../course/course.ts';
import { hashFiles, treeHash } from '../../course/tree-hash.ts';
import { readTarball, writeTarball } from '../../tar/tarball.ts';
import type { PackableFile } from '../../zip/progy-file.ts';
import { courseTrees } from '../helpers/course-trees.ts';
import { asCourseFiles, collect, courseFiles, inPieces, packable, readAll, readPackable } from '../helpers/files.ts';

const course = parseCourse(
  Buffer.from(
    JSON.stringify({
      ...{ name: '@diego/rust-mastery', version: '1.0.0', description: 'Rust by doing', license: 'MIT' },
      ...{ scripts: { postinstall: 'evil' }, bin: 'evil', dependencies: { evil: '1' }, private: true },
    }),
  ),
);

async function write(files: readonly PackableFile[]) {
  const tarball = writeTarball(course, asCourseFiles(files), nodePlatform);
  return { bytes: await collect(tarball.bytes), contents: tarball.contents() };
}

const read = (bytes: Uint8Array) => readTarball(inPieces(bytes), nodePlatform);

/** Names of a tarball's entries, as GNU or BSD tar sees them. */
function list(bytes: Uint8Array, ...options: string[]): string[] {
  return execFileSync('tar', ['-tzf', '-', ...options], { input: bytes, encoding: 'utf8' })
    .trim()
    .split('\n');
}

const extract = (bytes: Uint8Array, name: string) =>
  execFileSync('tar', ['-xzOf', '-', name], { input: bytes, encoding: 'utf8' });

/** Files that npm or git would act on, and some that only look like it. */
const ACTED_ON = [
  'package.json',
  'Not-Your-Copy.md',
  'Binding.gyp',
  'npm-shrinkwrap.json',
  '.gitignore',
  'content/.GitIgnore',
];
const LEFT_ALONE = ['content/package.json', 'content/binding.gyp', '.npmignore', 'gitignore', '.gitignore.stored'];

t.test('what is written is what is read, and has the same tree hash', async (t) => {
  await fc.assert(
    fc.asyncProperty(courseTrees, async (files) => {
      const { bytes, contents } = await write(files);
      t.strictSame(await readAll(read(bytes)), await readPackable(files));
      t.equal(contents.tree, treeHash(await hashFiles(asCourseFiles(files), nodePlatform), nodePlatform));
    }),
    { numRuns: 60 },
  );
});

t.test('the layout is npm’s: everything below package/, the manifest first, the list of files last', async (t) => {
  const { bytes } = await write(courseFiles(packable('run.sh', '', '100755')));
  t.same(list(bytes), [
    'package/package.json',
    'package/NOT-YOUR-COPY.md',
    'package/course.json',
    'package/content/01_start/README.md',
    'package/run.sh',
    'package/.progy/files.json',
  ]);
  for (const line of list(bytes, '-v', '--utc', '--numeric-owner')) {
    t.match(line, / 0\/0 .* 1985-10-26 08:15/, line);
    t.match(line, line.endsWith('run.sh') ? /^-rwxr-xr-x / : /^-rw-r--r-- /);
  }
});

t.test('what npm or git would act on travels under a neutral name, and only that', async (t) => {
  const files = courseFiles(...[...ACTED_ON, ...LEFT_ALONE].map((path) => packable(path, `I am ${path}`)));
  const { bytes, contents } = await write(files);
  const names = list(bytes);
  for (const path of ACTED_ON) {
    t.ok(names.includes(`package/.progy/stored/${path}.stored`), path);
    t.notOk(names.slice(1).includes(`package/${path}`), `and not as ${path}`);
  }
  for (const path of LEFT_ALONE) t.ok(names.includes(`package/${path}`), path);
  t.strictSame(await readAll(read(bytes)), await readPackable(files), 'reading restores the names');
  t.ok(
    contents.files.every(({ path }) => !path.includes('.progy')),
    'and the contents have them too',
  );
});

t.test('a notice says in the package, and nowhere else, that nobody should work there', async (t) => {
  const own = packable('NOT-YOUR-COPY.md', 'the author has a file of that name');
  const { bytes } = await write(courseFiles(own));
  t.match(
    extract(bytes, 'package/NOT-YOUR-COPY.md'),
    /^# This is not your copy\n\nA package manager put @diego\/rust-mastery here/,
  );
  t.strictSame(await readAll(read(bytes)), await readPackable(courseFiles(own)), 'the author’s comes back');
});

t.test('package.json is made from course.json and has nothing that runs', async (t) => {
  const { bytes } = await write(courseFiles(packable('package.json', '{"scripts":{"postinstall":"evil"}}')));
  t.same(JSON.parse(extract(bytes, 'package/package.json')), {
    name: '@diego/rust-mastery',
    version: '1.0.0',
    description: 'Rust by doing',
    license: 'MIT',
    progy: { course: 'course.json' },
  });
});

t.test('files.json lists every course file, and one line of it is one file', async (t) => {
  const { bytes, contents } = await write(
    courseFiles(packable('.gitignore', 'target\n'), packable('run.sh', 'x', '100755')),
  );
  const text = extract(bytes, 'package/.progy/files.json');
  const { files, ...head } = JSON.parse(text);
  t.same(head, { format: 1, name: '@diego/rust-mastery', version: '1.0.0', tree: contents.tree });
  t.same(files.slice(2), [
    {
      ...{ path: '.gitignore', mode: '100644', size: 7, sha256: sha256Hex('target\n', nodePlatform) },
      stored: '.progy/stored/.gitignore.stored',
    },
    { path: 'run.sh', mode: '100755', size: 1, sha256: sha256Hex('x', nodePlatform) },
  ]);
  t.equal(text.split('\n').filter((line) => line.includes('"path"')).length, 4);
});

t.test('fileCount and unpackedSize count the entries of the tarball, as npm does', async (t) => {
  const { bytes, contents } = await write(courseFiles(packable('big', Buffer.alloc(500_000, 'x'))));
  const sizes = list(bytes, '-v').map((line) => Number(/ (\d+) 1985/.exec(line)?.[1]));
  t.equal(contents.fileCount, sizes.length);
  t.equal(
    contents.unpackedSize,
    sizes.reduce((sum, size) => sum + size, 0),
  );
});

t.test('contents() throws while the tarball is not written', async (t) => {
  const tarball = writeTarball(course, asCourseFiles(courseFiles()), nodePlatform);
  t.throws(() => tarball.contents(), /has not been read to its end/);
});

t.test('the bytes of the tar stay the same from release to release', async (t) => {
  const long = packable(`content/${'long/'.repeat(40)}日本語`, 'x');
  const { bytes } = await write(
    courseFiles(packable('.gitignore', 'target\n'), packable('run.sh', 'x', '100755'), long),
  );
  t.equal(
    sha256Hex(gunzipSync(bytes), nodePlatform),
    '11a13b7d68dcfc724b50156266bae7da197268f450a0b7ac0ed166c4684f80c7',
  );
});
