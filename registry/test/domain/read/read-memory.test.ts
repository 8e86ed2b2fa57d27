// Finished packuments in memory: the budget always holds, and frequently requested ones stay.
import fc from 'fast-check';
import t from 'tap';
import { createReadMemory, DOCUMENT_BYTES } from '../../../domain/read/read-memory.ts';

const MB = 1024 * 1024;
/** Bytes that count as much as they say, without being there. */
const bytesOf = (length: number) => ({ length }) as Uint8Array;

t.test('the packuments of an isolate weigh at most 16 MB, whatever is asked for', async (t) => {
  t.equal(DOCUMENT_BYTES, 16 * MB);
  const document = fc.tuple(fc.nat(50), fc.oneof(fc.nat(2_000), fc.nat(6 * MB)));
  fc.assert(
    fc.property(fc.array(document, { maxLength: 300 }), (documents) => {
      const { packuments } = createReadMemory();
      for (const [key, length] of documents) packuments.set(`${key}`, { revision: '1', bytes: bytesOf(length) });
      const held = [...packuments.values()].reduce((total, { bytes }) => total + bytes.length, 0);
      return held <= DOCUMENT_BYTES;
    }),
  );
  t.pass();
});

t.test('a packument that would drive out all others is not kept, and drives out its own older one', async (t) => {
  const { packuments } = createReadMemory();
  packuments.set('huge', { revision: '1', bytes: bytesOf(1_000) });
  packuments.set('other', { revision: '1', bytes: bytesOf(1_000) });
  packuments.set('huge', { revision: '2', bytes: bytesOf(5 * MB) });
  t.same([...packuments.keys()], ['other']);
});

t.test('small ones cannot pile up either: each counts for more than its bytes', async (t) => {
  const { packuments } = createReadMemory();
  for (let i = 0; i < 100_000; i++) packuments.set(`${i}`, { revision: '1', bytes: bytesOf(0) });
  t.ok(packuments.size <= DOCUMENT_BYTES / 500, String(packuments.size));
});

t.test('what was asked for last stays', async (t) => {
  const { packuments } = createReadMemory();
  for (let i = 0; i < 20; i++) {
    packuments.set(`${i}`, { revision: '1', bytes: bytesOf(2 * MB) });
    packuments.get('0');
  }
  t.ok(packuments.has('0'));
  t.notOk(packuments.has('1'));
});

t.test('at most a thousand copied artifacts are remembered', async (t) => {
  const { copied } = createReadMemory();
  for (let i = 0; i < 5_000; i++) copied.set(`packages/@diego/rust/v1.0.${i}`, true);
  t.equal(copied.size, 1_000);
});
