import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { courseZip } from '../../../fixtures/archives.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { parseCourse } from '../../course/course.ts';
import type { CourseFile } from '../../course/course-files.ts';
import { readTarball, writeTarball } from '../../tar/tarball.ts';
import { bytesSource, openProgyFile, type PackableFile } from '../../zip/progy-file.ts';
import { asCourseFiles, collect, courseFiles, inPieces, packable, readAll } from '../helpers/files.ts';

const course = parseCourse(Buffer.from('{"name":"@diego/rust-mastery","version":"1.0.0"}'));

async function write(files: readonly PackableFile[]) {
  const tarball = writeTarball(course, asCourseFiles(files), nodePlatform);
  return { bytes: await collect(tarball.bytes), contents: tarball.contents() };
}

const read = (bytes: Uint8Array) => readTarball(inPieces(bytes), nodePlatform);

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
