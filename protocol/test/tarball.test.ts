import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { courseZip } from '../../fixtures/archives.ts';
import { parseCourse } from '../course.ts';
import type { CourseFile } from '../course-files.ts';
import { sha256Hex } from '../integrity.ts';
import { nodePlatform } from '../node-platform.ts';
import { bytesSource, openProgyFile, type PackableFile } from '../progy-file.ts';
import { readTarball, writeTarball } from '../tarball.ts';
import { hashFiles, treeHash } from '../tree-hash.ts';
import { courseTrees } from './helpers/course-trees.ts';
import { asCourseFiles, collect, courseFiles, inPieces, packable, readAll, readPackable } from './helpers/files.ts';

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
const ACTED_ON = ['package.json', 'Binding.gyp', 'npm-shrinkwrap.json', '.gitignore', 'content/.GitIgnore'];
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
    'aa84344fc235d09d7a72abe0c5aea3c15ec775ab8c04509ddd4c9c786dd46555',
  );
});

t.test('writing goes as fast as it is read: files are not taken before they are needed', async (t) => {
  let opened = 0;
  const files = async function* (): AsyncIterable<CourseFile> {
    for (let i = 0; i < 200; i++) {
      opened++;
      const content = new Uint8Array(randomBytes(100_000));
      yield { path: `content/${i}`, mode: '100644', size: content.length, content: inPieces(content) };
    }
  };
  const bytes = writeTarball(course, files(), nodePlatform).bytes[Symbol.asyncIterator]();
  for (let i = 0; i < 4; i++) await bytes.next();
  t.ok(opened > 0 && opened < 20, `${opened} of 200`);
  await bytes.return?.();
});

t.test('a source may use the memory of its pieces again, however slowly the bytes are taken', async (t) => {
  // Somewhere among these sizes a block of gzip ends with the first file. While its taker is slow, the small file waits
  // in memory that the source comes back to, because folders add nothing to a tarball that could hold the source up.
  for (let size = 245_000; size < 262_000; size += 2_000) {
    const file = (name: string, bytes: number) => ({ name, content: randomBytes(bytes), store: true });
    const folders = Array.from({ length: 1_000 }, (_, i) => ({ name: `folder-${i}/`, mode: 0o040755 }));
    const zip = courseZip([
      file('content/large', size),
      file('content/small', 400),
      ...folders,
      file('content/x', 400),
    ]);
    const whole = await openProgyFile(bytesSource(zip), nodePlatform);
    const reusing = await openProgyFile({ ...bytesSource(zip), stream: reusedMemory(zip, 16_384) }, nodePlatform);
    const tarball = writeTarball(course, reusing.files(), nodePlatform);
    t.strictSame(await readAll(read(await collect(slowly(tarball.bytes)))), await readAll(whole.files()), `${size}`);
  }
});

async function* slowly(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of bytes) {
    yield piece;
    for (let i = 0; i < 20; i++) await nextTurn();
  }
}

/** Streams a range through two buffers that take turns. */
function reusedMemory(bytes: Uint8Array, size: number) {
  return async function* (offset: number, length: number) {
    const buffers = [new Uint8Array(size), new Uint8Array(size)];
    for (let at = 0; at < length; at += size) {
      const [buffer = new Uint8Array(size)] = buffers.reverse();
      const piece = bytes.subarray(offset + at, offset + Math.min(length, at + size));
      buffer.set(piece);
      yield buffer.subarray(0, piece.length);
    }
  };
}

t.test('damage in the .progy file passes through the bytes as what it is', async (t) => {
  const damaged = { name: 'content/x', content: 'x', central: { crc: 1 }, local: { crc: 1 } };
  const opened = await openProgyFile(bytesSource(courseZip([damaged])), nodePlatform);
  const tarball = writeTarball(course, opened.files(), nodePlatform);
  await t.rejects(collect(tarball.bytes), { code: 'INVALID_ARTIFACT', evidence: { path: 'content/x' } });
});

t.test('an error of a file passes through the bytes', async (t) => {
  const broken = { ...packable('x', 'xx'), open: () => failing(new Error('the disk is gone')) };
  await t.rejects(write(courseFiles(broken)), { message: 'the disk is gone' });
  await t.rejects(write(courseFiles({ ...packable('x', 'xx'), size: 3 })), /Size mismatch/);
});

t.test('stopping early closes the files', async (t) => {
  let closed = false;
  const files = async function* () {
    try {
      yield* asCourseFiles(courseFiles(packable('x', new Uint8Array(randomBytes(2_000_000)))));
    } finally {
      closed = true;
    }
  };
  for await (const bytes of writeTarball(course, files(), nodePlatform).bytes) if (bytes.length > 100) break;
  t.ok(closed);
});

t.test('reading: contents that nobody reads are drained and checked', async (t) => {
  const large = new Uint8Array(randomBytes(1_000_000));
  const { bytes } = await write(courseFiles(packable('a', large), packable('b', 'b'), packable('c', large)));
  const seen: string[] = [];
  for await (const { path, content } of read(bytes)) {
    if (path === 'a') for await (const _ of content) break;
    if (path === 'b') seen.push(`${await collect(content)}`);
  }
  t.same(seen, ['b']);
});

t.test('reading: an error of the source passes unchanged', async (t) => {
  const { bytes } = await write(courseFiles(packable('a', new Uint8Array(randomBytes(1_000_000)))));
  for (const after of [0, 300, 600_000]) {
    const source = async function* () {
      yield* inPieces(bytes.subarray(0, after));
      yield* failing(new Error('the line is gone'));
    };
    await t.rejects(
      readAll(readTarball(source(), nodePlatform)),
      { message: 'the line is gone' },
      `after ${after} bytes`,
    );
  }
});

/** A stream that fails at once. */
function failing(error: Error): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}
