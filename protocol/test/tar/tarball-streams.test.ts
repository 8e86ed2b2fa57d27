import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { courseZip } from '../../../fixtures/archives.ts';
import { between, type Random, seededRandom } from '../../../fixtures/ordinary-content.ts';
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

/** A file of an archive that anybody made. Described and not made, so that a counterexample can be read. */
const described = fc.record({
  text: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
  size: fc.oneof(
    fc.nat(2_000),
    fc.constantFrom(16_384, 65_536, 262_144).chain((edge) => fc.integer({ min: edge - 1, max: edge + 1 })),
  ),
  store: fc.boolean(),
});

t.test('whoever takes the pieces slowly, and keeps them all, has the course', async (t) => {
  const property = fc.asyncProperty(fc.array(described, { maxLength: 8 }), fc.nat(), async (files, seed) => {
    const entries = files.map(({ text, size, store }, i) => ({
      name: `content/${i}`,
      content: text === null ? randomBytes(size) : Buffer.alloc(size, text),
      store,
    }));
    const zip = courseZip(entries);
    const opened = await openProgyFile(bytesSource(zip), nodePlatform);
    const tarball = writeTarball(course, opened.files(), nodePlatform);
    const taken = await readAll(read(await collect(slowly(tarball.bytes, seededRandom(seed)))));
    t.strictSame(taken, await readAll(opened.files()));
  });
  await fc.assert(property, { numRuns: 30 });
});

async function* slowly(bytes: AsyncIterable<Uint8Array>, random: Random): AsyncIterable<Uint8Array> {
  for await (const piece of bytes) {
    yield piece;
    const turns = random() < 0.5 ? between(1, 20, random) : 0;
    for (let i = 0; i < turns; i++) await nextTurn();
  }
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
