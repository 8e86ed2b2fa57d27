import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import t from 'tap';
import { courseZip } from '../../../fixtures/archives.ts';
import { buildZip } from '../../../fixtures/zip-builder.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { bytesSource, openProgyFile, readCourse, writeProgyFile } from '../../zip/progy-file.ts';
import { collect, courseFiles, inPieces, meteredPlatform, packable, readAll } from '../helpers/files.ts';

const pack = (files: Parameters<typeof writeProgyFile>[0]) => collect(writeProgyFile(files, nodePlatform));
const open = (bytes: Uint8Array) => openProgyFile(bytesSource(bytes), nodePlatform);

t.test('a file is read from the artifact in one range, and only that range', async (t) => {
  const bytes = courseZip([{ name: 'large', content: Buffer.alloc(200_000, 'x'), store: true }]);
  const ranges: [number, number][] = [];
  const source = bytesSource(bytes);
  const watched = {
    ...source,
    stream: (offset: number, length: number) => {
      ranges.push([offset, length]);
      return source.stream(offset, length);
    },
  };
  const opened = await openProgyFile(watched, nodePlatform);
  t.equal((await readCourse(opened)).name.full, '@diego/rust-mastery');
  t.equal(ranges.length, 1);
  t.ok((ranges[0]?.[1] ?? 0) < 200);
});

t.test('contents that nobody reads, or reads in part, do not disturb those that follow', async (t) => {
  const large = new Uint8Array(randomBytes(3_000_000));
  const more = [packable('a', large), packable('b', 'b'), packable('c', Buffer.alloc(3_000_000)), packable('d', 'd')];
  const opened = await open(await pack(courseFiles(...more)));
  const seen: string[] = [];
  for await (const { path, content } of opened.files()) {
    if (path === 'a') for await (const _ of content) break;
    if (path === 'd') seen.push(`${await collect(content)}`);
  }
  t.same(seen, ['d']);
});

t.test('damage in a file that nobody reads is met all the same', async (t) => {
  const opened = await open(
    courseZip([{ name: 'x', content: 'x', central: { crc: 1 }, local: { crc: 1 } }, { name: 'y' }]),
  );
  await t.rejects(Array.fromAsync(opened.files()), { code: 'INVALID_ARTIFACT', evidence: { path: 'x' } });
});

t.test('a source that ends early is an error, not a short file', async (t) => {
  const bytes = courseZip([{ name: 'x', content: randomBytes(5_000), store: true }]);
  const source = bytesSource(bytes);
  const cut = { ...source, stream: (offset: number, length: number) => source.stream(offset, length - 2_000) };
  const opened = await openProgyFile(cut, nodePlatform);
  await t.rejects(readAll(opened.files()), { code: 'INVALID_ARTIFACT', evidence: { problem: 'ends too soon' } });
});

t.test('a source may come in pieces of any size', async (t) => {
  const bytes = await pack(
    courseFiles(packable('x', new Uint8Array(randomBytes(9_000))), packable('y', 'y'.repeat(9_000))),
  );
  const whole = await readAll((await open(bytes)).files());
  for (const size of [1, 7, 4_096]) {
    const source = bytesSource(bytes);
    const pieces = async function* (offset: number, length: number) {
      for (let at = 0; at < length; at += size) yield bytes.subarray(offset + at, offset + Math.min(length, at + size));
    };
    const opened = await openProgyFile({ ...source, stream: pieces }, nodePlatform);
    t.strictSame(await readAll(opened.files()), whole, `${size} bytes`);
  }
});

t.test('stopping early closes the source', async (t) => {
  const bytes = await pack(courseFiles(packable('x', new Uint8Array(randomBytes(9_000)))));
  let closed = false;
  const stream = async function* (offset: number, length: number) {
    try {
      yield* bytesSource(bytes).stream(offset, length);
    } finally {
      closed = true;
    }
  };
  const opened = await openProgyFile({ ...bytesSource(bytes), stream }, nodePlatform);
  for await (const { content } of opened.files()) {
    for await (const _ of content) break;
    break;
  }
  t.ok(closed);
});

t.test('a large file comes in small pieces, however far its content unfolds', async (t) => {
  const zeros = Buffer.alloc(64 * 2 ** 20);
  const opened = await open(courseZip([{ name: 'zeros', content: zeros }]));
  let largest = 0;
  let size = 0;
  for await (const file of opened.files()) {
    for await (const piece of file.content) {
      largest = Math.max(largest, piece.length);
      size += piece.length;
    }
  }
  t.ok(size > zeros.length);
  t.ok(largest <= 65_536, `${largest} bytes at once`);
});

t.test('a megabyte of empty deflate blocks is an empty file', async (t) => {
  const blocks = Buffer.concat([Buffer.alloc(5 * 220_000, Buffer.from([0, 0, 0, 0xff, 0xff])), deflateRawSync('')]);
  const { platform, inflated } = meteredPlatform();
  const opened = await openProgyFile(bytesSource(courseZip([{ name: 'x', data: blocks }])), platform);
  const files = await readAll(opened.files());
  t.equal(files.at(-1)?.content.length, 0);
  t.ok(inflated() < 1_000);
});

t.test('bytes after the compressed content are met even by an inflate that stops reading before them', async (t) => {
  const content = Buffer.alloc(3_000_000, 'x');
  const packed = deflateRawSync(content);
  const zip = courseZip([{ name: 'x', content, data: Buffer.concat([packed, Buffer.alloc(2_000_000)]) }]);
  const inflateRaw = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const piece of source) {
      yield content;
      t.ok(piece.length < 2_000_000);
      return;
    }
  };
  const stream = (offset: number, length: number) => inPieces(zip.subarray(offset, offset + length));
  const opened = await openProgyFile({ ...bytesSource(zip), stream }, { ...nodePlatform, inflateRaw });
  const problem = 'has bytes after its compressed content';
  await t.rejects(readAll(opened.files()), { code: 'INVALID_ARTIFACT', evidence: { path: 'x', problem } });
});

t.test('readFile: a missing file, one over the limit, a damaged one', async (t) => {
  const opened = await open(courseZip([{ name: 'x', content: 'content', central: { crc: 1 }, local: { crc: 1 } }]));
  await t.rejects(opened.readFile('y', 10), { code: 'INVALID_ARTIFACT', evidence: { path: 'y' } });
  await t.rejects(opened.readFile('__proto__', 10), { code: 'INVALID_ARTIFACT' });
  await t.rejects(opened.readFile('x', 6), { code: 'PAYLOAD_TOO_LARGE', evidence: { found: 7, limit: 6 } });
  await t.rejects(opened.readFile('x', 7), { code: 'INVALID_ARTIFACT', evidence: { path: 'x' } });
});

t.test('readCourse: a course.json of 50 MB is refused unread', async (t) => {
  const bytes = buildZip([{ name: 'course.json', content: Buffer.alloc(50_000_000, ' ') }, { name: 'content/x' }]);
  const { platform, inflated } = meteredPlatform();
  await t.rejects(readCourse(await openProgyFile(bytesSource(bytes), platform)), {
    code: 'INVALID_COURSE',
    evidence: { path: 'course.json' },
  });
  t.equal(inflated(), 0);
});
