import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import t from 'tap';
import { handleBytes } from '../../network/tarball-bytes.ts';
import { integrityOf } from '../helpers/course-server.ts';

const signal = new AbortController().signal;
const BYTES = Buffer.from('the bytes of a tarball, in a few pieces');
const INTEGRITY = integrityOf(BYTES);
const broken = new Error('this is no tarball');

/** A stream of the bytes in pieces, which may fail after them. */
function stream(failure?: Error): PassThrough {
  // Of objects, so that they stay pieces.
  const pieces = new PassThrough({ emitClose: false, objectMode: true });
  for (let start = 0; start < BYTES.length; start += 10) pieces.write(BYTES.subarray(start, start + 10));
  if (failure === undefined) pieces.end();
  else setImmediate(() => pieces.destroy(failure));
  return pieces;
}

/** Reads one piece and gives up. */
async function giveUp(bytes: AsyncIterable<Uint8Array>): Promise<never> {
  for await (const _ of bytes) throw broken;
  throw new Error('there was no piece');
}

t.test('what came of the right bytes is answered, with their integrity', async (t) => {
  const promised = `${integrityOf(Buffer.from('other'))} ${INTEGRITY}`;
  for (const promise of [INTEGRITY, promised, undefined]) {
    const { value, integrity } = await handleBytes(stream(), buffer, promise, signal);
    t.ok(value.equals(BYTES));
    t.equal(integrity, INTEGRITY);
  }
});

t.test('whoever stops reading gets the integrity of the whole all the same', async (t) => {
  const first = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const piece of bytes) return piece.length;
  };
  t.same(await handleBytes(stream(), first, INTEGRITY, signal), { value: 10, integrity: INTEGRITY });
});

t.test('wrong bytes are called wrong, also where they could not be handled', async (t) => {
  const wrong = integrityOf(Buffer.from('other'));
  await t.rejects(handleBytes(stream(), buffer, wrong, signal), { code: 'EINTEGRITY' });
  await t.rejects(handleBytes(stream(), giveUp, wrong, signal), { code: 'EINTEGRITY' });
});

t.test('what is wrong in the right bytes is told', async (t) => {
  await t.rejects(handleBytes(stream(), giveUp, INTEGRITY, signal), broken);
});

t.test('the error of the stream is told, whatever the handling made of it', async (t) => {
  const failure = Object.assign(new Error('not in the cache'), { code: 'ENOENT' });
  await t.rejects(handleBytes(stream(failure), buffer, INTEGRITY, signal), failure);
  await t.rejects(handleBytes(stream(failure), giveUp, INTEGRITY, signal), failure);
});

t.test('the reason of the signal ends the reading', async (t) => {
  const reason = new Error('enough');
  const ending = new AbortController();
  const endless = new PassThrough();
  endless.write('a');
  const handling = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const _ of bytes) ending.abort(reason);
  };
  await t.rejects(handleBytes(endless, handling, undefined, ending.signal), reason);
});
