import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { gzip } from '../../bytes/gzip.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { collect, inPieces } from '../helpers/files.ts';

const gzipped = (bytes: Uint8Array, pieceSize?: number) => collect(gzip(inPieces(bytes, pieceSize), nodePlatform));
const BLOCK = 256 * 1024;

/** Noise, or a text repeated. Described and not made, so that a counterexample can be read. */
const stretch = fc.record({
  text: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
  size: fc.integer({ min: 0, max: 600_000 }),
});

t.test('any mix of text and noise comes back', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretch, { maxLength: 4 }),
      fc.integer({ min: 1_000, max: 500_000 }),
      async (parts, piece) => {
        const bytes = Buffer.concat(
          parts.map(({ text, size }) => (text === null ? randomBytes(size) : Buffer.alloc(size, text))),
        );
        const packed = await gzipped(bytes, piece);
        t.ok(gunzipSync(packed).equals(bytes));
        t.ok(packed.equals(await gzipped(bytes)), 'whatever the pieces');
      },
    ),
    { numRuns: 40 },
  );
});

t.test('other programs read it as one member', async (t) => {
  const bytes = Buffer.concat([Buffer.alloc(BLOCK * 2, 'x'), randomBytes(BLOCK * 2), Buffer.from('end')]);
  const packed = await gzipped(bytes);
  t.ok(execFileSync('gzip', ['-dc'], { input: packed, maxBuffer: 2 ** 24 }).equals(bytes));
  const web = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  t.ok((await collect(web)).equals(bytes), 'a second member would be trailing junk to DecompressionStream');
});

t.test('the header has no time, no name and no system', async (t) => {
  t.same((await gzipped(Buffer.from('x'))).subarray(0, 10).toString('hex'), '1f8b08000000000000ff');
});

t.test('noise grows by less than a thousandth', async (t) => {
  const noise = randomBytes(3_000_000);
  const packed = await gzipped(noise);
  t.ok(packed.length < noise.length * 1.001, `${packed.length} of ${noise.length}`);
});

t.test('text shrinks among noise', async (t) => {
  const text = Buffer.alloc(BLOCK, 'all work and no play makes a dull course ');
  const packed = await gzipped(Buffer.concat([randomBytes(BLOCK), text, randomBytes(BLOCK)]));
  t.ok(packed.length < BLOCK * 2.1, `${packed.length} of ${BLOCK * 3}`);
});

t.test('nothing unpacks to 1,000 times its size, which readers take for a bomb', async (t) => {
  const patterns = { zeros: '\0', 'two bytes': 'ab', words: 'all work and no play ', noise: randomBytes(250) };
  for (const [title, pattern] of Object.entries(patterns)) {
    for (const size of [8_000_000, BLOCK, BLOCK + 1]) {
      const { length } = await gzipped(Buffer.alloc(size, pattern));
      t.ok(size / length < 250, `${size} bytes of ${title}: ${Math.round(size / length)} to 1`);
    }
  }
});
