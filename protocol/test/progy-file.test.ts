import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { courseZip } from '../../fixtures/archives.ts';
import { buildZip, descriptor, type EntrySpec, extraField, zip64Field } from '../../fixtures/zip-builder.ts';
import { sha256Hex } from '../integrity.ts';
import { nodePlatform } from '../node-platform.ts';
import { type ArtifactSource, bytesSource, openProgyFile, readCourse, writeProgyFile } from '../progy-file.ts';
import { courseTrees } from './helpers/course-trees.ts';
import { collect, courseFiles, inPieces, meteredPlatform, packable, readAll, readPackable } from './helpers/files.ts';

const pack = (files: Parameters<typeof writeProgyFile>[0]) => collect(writeProgyFile(files, nodePlatform));
const open = (bytes: Uint8Array) => openProgyFile(bytesSource(bytes), nodePlatform);

t.test('packing', async (t) => {
  t.test('what is packed is what comes out, whatever the course', async (t) => {
    await fc.assert(
      fc.asyncProperty(courseTrees, async (files) => {
        const opened = await open(await pack(files));
        t.strictSame(await readAll(opened.files()), await readPackable(files));
      }),
      { numRuns: 60 },
    );
  });

  t.test('the order in which files are given does not change a byte', async (t) => {
    await fc.assert(
      fc.asyncProperty(courseTrees, fc.infiniteStream(fc.nat()), async (files, keys) => {
        const shuffled = files
          .map((file) => ({ file, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ file }) => file);
        t.ok((await pack(files)).equals(await pack(shuffled)));
      }),
      { numRuns: 20 },
    );
  });

  t.test('the pieces in which a file is read do not change a byte', async (t) => {
    const content = Buffer.alloc(700_000, 'all work and no play ');
    const inPieces = (size: number) => ({
      ...packable('content/x', content),
      async *open() {
        for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
      },
    });
    const whole = await pack(courseFiles(packable('content/x', content)));
    for (const size of [1_000, 65_536, 262_144, 300_001]) {
      t.ok(whole.equals(await pack(courseFiles(inPieces(size)))), `pieces of ${size} bytes`);
    }
  });

  t.test('the bytes of a course stay the same from release to release', async (t) => {
    const files = courseFiles(
      packable('runner/check.sh', '#!/bin/sh\nexit 0\n', '100755'),
      packable('content/é.txt', 'all work and no play '.repeat(20_000)),
      packable('content/middle.txt', 'all play '.repeat(1_000)),
      packable('assets/empty'),
    );
    // A change here gives every course that is packed again another checksum. It must be meant.
    t.equal(
      sha256Hex(await pack(files), nodePlatform),
      '42a78671d6cce21d083b3842fa83e0150b3fd8930c30b6fb2a70787acb1d91d2',
    );
  });

  t.test('bytes that cannot shrink are stored, text is deflated', async (t) => {
    const noise = packable('noise', new Uint8Array(randomBytes(600_000)));
    const text = packable('text', 'all work and no play '.repeat(30_000));
    const packed = await pack(courseFiles(noise, text));
    t.ok(packed.length > noise.size && packed.length < noise.size + 5_000, `${packed.length} bytes`);
    t.ok(packed.includes(Buffer.from(await collect(noise.open())).subarray(0, 1_000)), 'the noise is there as it is');
  });

  t.test('what could not be opened again is refused', async (t) => {
    const refused = (files: Parameters<typeof writeProgyFile>[0], error: { code: string; evidence?: object }) =>
      t.rejects(pack(files), error);
    await refused(courseFiles(packable('../x')), { code: 'INVALID_ARTIFACT', evidence: { path: '../x' } });
    await refused(courseFiles(packable('A'), packable('a')), { code: 'INVALID_ARTIFACT', evidence: { path: 'a' } });
    await refused([packable('course.json')], { code: 'INVALID_COURSE', evidence: { path: 'content/' } });
    await refused([packable('content/x')], { code: 'INVALID_COURSE', evidence: { path: 'course.json' } });
    const many = Array.from({ length: 20_000 }, (_, i) => packable(`content/${i}`));
    await refused(courseFiles(...many), { code: 'PAYLOAD_TOO_LARGE', evidence: { found: 20_002, limit: 20_000 } });
    await refused(courseFiles({ ...packable('x'), size: 600 * 2 ** 20 }), { code: 'PAYLOAD_TOO_LARGE' });
    const noise = randomBytes(2 ** 20);
    const over = async function* () {
      for (let i = 0; i <= 100; i++) yield noise;
    };
    await refused(courseFiles({ ...packable('x'), size: 101 * 2 ** 20, open: over }), { code: 'PAYLOAD_TOO_LARGE' });
  });

  t.test('a file that changes while it is packed is refused', async (t) => {
    const changing = { ...packable('content/x', 'now longer'), size: 3 };
    await t.rejects(pack(courseFiles(changing)), { code: 'INVALID_ARTIFACT', evidence: { path: 'content/x' } });
  });
});

t.test('opening', async (t) => {
  t.test('entries are files in the order of the archive; folders are left out', async (t) => {
    const folders = [
      { name: 'zebra/', mode: 0o040755 },
      { name: 'shared/', mode: 0o042775 },
      { name: 'by-dos/', central: { host: 0, externalAttributes: 0x10 } },
      { name: 'deflated/', mode: 0o040755, data: deflateRawSync('') },
    ];
    const opened = await open(courseZip([...folders, { name: 'b', content: 'bb' }, { name: 'a' }]));
    const paths = ['course.json', 'content/01_start/README.md', 'b', 'a'];
    t.same(
      opened.entries.map(({ path }) => path),
      paths,
    );
    t.same(opened.entries[2], { path: 'b', mode: '100644', size: 2 });
    t.same((await readAll(opened.files())).length, 4, 'and reading passes over them');
  });

  t.test('any right to execute makes a file executable, and no other bit stays', async (t) => {
    const table: [Partial<EntrySpec>, string][] = [
      [{ mode: 0o100755 }, '100755'],
      [{ mode: 0o100700 }, '100755'],
      [{ mode: 0o100001 }, '100755'],
      [{ mode: 0o755 }, '100755'],
      [{ mode: 0o100666 }, '100644'],
      [{ mode: 0o100000 }, '100644'],
      [{ mode: 0 }, '100644'],
      [{ mode: 0o100755, central: { host: 10 } }, '100755'],
      [{ central: { host: 0, externalAttributes: 0x20 } }, '100644'],
    ];
    for (const [entry, mode] of table) {
      const opened = await open(courseZip([{ name: 'x', ...entry }]));
      t.equal(opened.entries.at(-1)?.mode, mode, JSON.stringify(entry));
    }
  });

  t.test('unusual but clear archives are accepted', async (t) => {
    const x: EntrySpec = { name: 'x', content: 'content of x' };
    const stored = { ...x, store: true };
    const open8 = { flags: 0x808, crc: 0, size: 0, compressedSize: 0 };
    const described = (entry: EntrySpec, signed: boolean, wide: boolean): EntrySpec => {
      return { ...entry, local: open8, central: { flags: 0x808 }, after: descriptor(entry, { signed, wide }) };
    };
    const repeated = zip64Field(stored.content?.length ?? 0, stored.content?.length ?? 0);
    const archives: Record<string, Uint8Array> = {
      'a comment': courseZip([x], { comment: Buffer.from('made with love, PKZIP and PK') }),
      'zip64 records whose values were not needed': courseZip([x], { zip64: {} }),
      'all ones in the end record': courseZip([x], { zip64: {}, end: { entries: 0xffff, offset: 2 ** 32 - 1 } }),
      'zip64 fields that repeat the sizes': courseZip([{ ...stored, localExtra: repeated, centralExtra: repeated }]),
      'a zip64 field that names the first disk': courseZip([{ ...x, centralExtra: extraField(1, Buffer.alloc(4)) }]),
      'a Unicode path that repeats the name': courseZip([{ ...x, centralExtra: unicodePath('x') }]),
      'unknown extra fields': courseZip([{ ...x, localExtra: extraField(0x5455, Buffer.alloc(5)) }]),
      'no UTF-8 flag': courseZip([{ ...x, name: 'é', local: { flags: 0 }, central: { flags: 0 } }]),
      'a descriptor, signed': courseZip([described(x, true, false)]),
      'a descriptor, unsigned': courseZip([described(x, false, false)]),
      'a wide descriptor, signed': courseZip([described(x, true, true)]),
      'a wide descriptor, unsigned': courseZip([described(x, false, true)]),
      'a stored entry with a descriptor': courseZip([described(stored, true, false)]),
      'a zip in a zip': courseZip([
        { name: 'x', content: courseZip([], { comment: Buffer.from('inner') }), store: true },
      ]),
      'a directory in another order': reordered(),
      'names that look like something else': courseZip(
        ['%2e%2e', '~', '$HOME', '-rf', '__proto__', 'package/x'].map((name) => ({ name })),
      ),
    };
    for (const [title, bytes] of Object.entries(archives)) {
      await t.resolves(
        open(bytes).then((opened) => readAll(opened.files())),
        title,
      );
    }
  });

  t.test('a course without course.json or content is INVALID_COURSE and says what was found', async (t) => {
    const content = { name: 'content/x' };
    const table: [EntrySpec[], object][] = [
      [[content], { path: 'course.json', found: undefined }],
      [[content, { name: 'my-course/course.json' }], { path: 'course.json', found: 'my-course/course.json' }],
      [[content, { name: 'Course.json' }], { path: 'course.json', found: 'Course.json' }],
      [[{ name: 'course.json' }], { path: 'content/' }],
      [[{ name: 'course.json' }, { name: 'content/', mode: 0o040755 }], { path: 'content/' }],
      [[{ name: 'course.json' }, { name: 'content' }], { path: 'content/' }],
      [[], { path: 'course.json' }],
    ];
    for (const [entries, evidence] of table) {
      const names = entries.map((entry) => entry.name).join(', ');
      await t.rejects(open(buildZip(entries)), { code: 'INVALID_COURSE', evidence }, names);
    }
  });

  t.test('an artifact over 100 MiB is not even looked at', async (t) => {
    const source: ArtifactSource = { ...bytesSource(new Uint8Array(0)), size: 100 * 2 ** 20 + 1 };
    source.read = () => t.fail('is read') as never;
    await t.rejects(openProgyFile(source, nodePlatform), {
      code: 'PAYLOAD_TOO_LARGE',
      evidence: { limit: 100 * 2 ** 20 },
    });
  });
});

t.test('reading', async (t) => {
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
        for (let at = 0; at < length; at += size)
          yield bytes.subarray(offset + at, offset + Math.min(length, at + size));
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
});

function unicodePath(name: string): Uint8Array {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(nodePlatform.crc32(Buffer.from(name)));
  return extraField(0x7075, Buffer.concat([Buffer.of(1), crc, Buffer.from(name)]));
}

/** The same archive with the first two central headers swapped. */
function reordered(): Uint8Array {
  const zip = Buffer.from(courseZip());
  const first = zip.indexOf('PK\x01\x02');
  const second = zip.indexOf('PK\x01\x02', first + 1);
  const end = zip.length - 22;
  return Buffer.concat([
    zip.subarray(0, first),
    zip.subarray(second, end),
    zip.subarray(first, second),
    zip.subarray(end),
  ]);
}
