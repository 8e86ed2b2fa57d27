import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { sha256Hex } from '../../bytes/integrity.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { bytesSource, openProgyFile, writeProgyFile } from '../../zip/progy-file.ts';
import { courseTrees } from '../helpers/course-trees.ts';
import { collect, courseFiles, packable, readAll, readPackable } from '../helpers/files.ts';

const pack = (files: Parameters<typeof writeProgyFile>[0]) => collect(writeProgyFile(files, nodePlatform));
const open = (bytes: Uint8Array) => openProgyFile(bytesSource(bytes), nodePlatform);

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
