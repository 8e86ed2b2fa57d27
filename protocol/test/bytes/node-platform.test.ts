import { randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { nodePlatform } from '../../bytes/node-platform.ts';
import type { InflateFault } from '../../bytes/platform.ts';
import { collect, inPieces } from '../helpers/files.ts';

const content = Buffer.concat([randomBytes(1_000), Buffer.alloc(200_000, 'all work and no play ')]);
const packed = deflateRawSync(content);
const { length } = content;

const fault = (reason: InflateFault) => ({ name: 'InflateError', reason });

type Inflate = (bytes: Uint8Array, limit: number) => Promise<Uint8Array>;

const WAYS: Record<string, Inflate> = {
  'at once': async (bytes, limit) => nodePlatform.inflateRawSync(bytes, limit),
  'as a stream': (bytes, limit) => collect(nodePlatform.inflateRaw(inPieces(bytes, 500), limit)),
};

for (const [way, inflate] of Object.entries(WAYS)) {
  t.test(`inflate ${way}`, async (t) => {
    t.ok(content.equals(await inflate(packed, length)), 'a limit of exactly the content is enough');
    t.equal((await inflate(deflateRawSync(''), 0)).length, 0, 'nothing inflates to nothing');
    await t.rejects(inflate(packed, length - 1), fault('too-long'));
    await t.rejects(inflate(packed, 0), fault('too-long'));
    await t.rejects(inflate(Buffer.concat([packed, Buffer.of(0)]), length), fault('trailing-bytes'));
    await t.rejects(inflate(packed.subarray(0, -1), length), fault('truncated'));
    await t.rejects(inflate(Buffer.alloc(100, 0xff), length), fault('corrupt'));
    await t.rejects(inflate(Buffer.of(), length), fault('truncated'));
  });
}

t.test('a bomb is stopped at its limit', async (t) => {
  const bomb = deflateRawSync(Buffer.alloc(50_000_000));
  let given = 0;
  const read = async () => {
    for await (const piece of nodePlatform.inflateRaw(inPieces(bomb), 100_000)) given += piece.length;
  };
  await t.rejects(read(), fault('too-long'));
  t.ok(given <= 100_000, `${given} bytes were given out`);
});

t.test('gunzip: content, limit, damage', async (t) => {
  const gunzip = (bytes: Uint8Array, limit: number) => collect(nodePlatform.gunzip(inPieces(bytes, 500), limit));
  const zipped = gzipSync(content);
  t.ok(content.equals(await gunzip(zipped, length)));
  await t.rejects(gunzip(zipped, length - 1), fault('too-long'));
  await t.rejects(gunzip(zipped.subarray(0, -9), length), fault('truncated'));
  await t.rejects(gunzip(Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8)]), length), fault('corrupt'));
  await t.rejects(gunzip(packed, length), fault('corrupt'));
});

t.test('an error of the source passes unchanged', async (t) => {
  const source = async function* () {
    yield packed.subarray(0, 100);
    throw new Error('the line is gone');
  };
  await t.rejects(collect(nodePlatform.inflateRaw(source(), length)), { message: 'the line is gone' });
});

t.test('blocks of deflate join to one stream', async (t) => {
  const blocks = [content.subarray(0, 70_000), content.subarray(70_000)].map((part) =>
    nodePlatform.deflateBlock(part, 6),
  );
  const last = Buffer.of(1, 0, 0, 0xff, 0xff);
  t.ok(content.equals(nodePlatform.inflateRawSync(Buffer.concat([...blocks, last]), length)));
});
