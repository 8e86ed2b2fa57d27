// The JSON that npm clients PUT: the document is read as a whole, attachments are taken out of it as they arrive.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { AttachmentScanner } from '../../../routes/npm/publish/attachment-scanner.ts';
import { Base64Decoder } from '../../../routes/npm/publish/base64-decoder.ts';

interface Scanned {
  json: unknown;
  attachments: [name: string, data: string][];
}

/** Scans a text that comes in pieces of `size` bytes. */
function scan(text: string, size = 7): Scanned {
  const scanner = new AttachmentScanner(1_000_000);
  const attachments: Scanned['attachments'] = [];
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of scanner.scan(bytes.subarray(at, at + size))) {
      const last = attachments.at(-1);
      if (event.kind === 'attachment') attachments.push([event.name, '']);
      else if (event.kind === 'base64' && last) last[1] += Buffer.from(event.bytes).toString();
    }
  }
  return { json: JSON.parse(scanner.text()), attachments };
}

const attached = (name: string, data: unknown) => ({
  _attachments: { [name]: { content_type: 'x', data, length: 3 } },
});

t.test('the data of an attachment is taken out, wherever it stands', async (t) => {
  const rest = { _id: '@d/r', versions: { '1.0.0': { dist: { data: 'stays' } } }, data: 'stays too' };
  for (const document of [
    { ...attached('@d/r-1.0.0.tgz', 'AAAA'), ...rest },
    { ...rest, ...attached('@d/r-1.0.0.tgz', 'AAAA') },
  ]) {
    const { json, attachments } = scan(JSON.stringify(document, null, 1));
    t.same(attachments, [['@d/r-1.0.0.tgz', 'AAAA']]);
    t.same(json, { ...rest, ...attached('@d/r-1.0.0.tgz', '') });
  }
});

t.test('only a string at _attachments.<name>.data is data', async (t) => {
  const others: unknown[] = [
    { _attachments: { data: 'AAAA' } },
    { _attachments: { a: { b: { data: 'AAAA' } } } },
    { _attachments: { a: { data: ['AAAA'] } } },
    { _attachments: { a: { data: { data: 'AAAA' } } } },
    { _attachments: { a: [{ data: 'AAAA' }] } },
    { _attachments: [{ data: 'AAAA' }] },
    { _attachments: { a: { other: 'data' } } },
    { a: { _attachments: { data: 'AAAA' } } },
    { '_attachments ': { a: { data: 'AAAA' } } },
    [{ _attachments: { a: { data: 'AAAA' } } }],
    { _attachments: { a: ['data', 'AAAA', { data: 'AAAA' }] } },
  ];
  for (const document of others) t.same(scan(JSON.stringify(document)), { json: document, attachments: [] });
});

t.test('keys count by what they mean, and each attachment by itself', async (t) => {
  const text = String.raw`{"\u005fattachments":{"a\"b":{"d\u0061ta":"AAAA","x":"\\"},"c":{"data":"","data":"BBBB"}}}`;
  t.same(scan(text).attachments, [
    ['a"b', 'AAAA'],
    ['c', ''],
    ['c', 'BBBB'],
  ]);
});

t.test('whatever else a document holds stays as it is, in pieces of any length', async (t) => {
  fc.assert(
    fc.property(fc.json(), fc.base64String(), fc.integer({ min: 1, max: 50 }), (json, data, size) => {
      const text = `{"a":${json},"_attachments":{"x":{"b":${json},"data":"${data}","c":${json}}},"d":${json}}`;
      const { json: rest, attachments } = scan(text, size);
      t.same(
        attachments.filter(([, found]) => found !== ''),
        data === '' ? [] : [['x', data]],
      );
      t.same(rest, JSON.parse(text.replace(`"data":"${data}"`, '"data":""')));
    }),
    { numRuns: 200 },
  );
});

t.test('text over the limit is PAYLOAD_TOO_LARGE, data is not counted', async (t) => {
  const scanner = new AttachmentScanner(100);
  const scanAll = (text: string) => [...scanner.scan(Buffer.from(text))];
  scanAll(`{"_attachments":{"x":{"data":"${'A'.repeat(1_000)}"`);
  t.throws(() => scanAll('x'.repeat(100)), { code: 'PAYLOAD_TOO_LARGE', evidence: { limit: 100 } });
});

t.test('base64 in pieces of any length is the bytes it was made of', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (bytes, size) => {
      t.same(decode(Buffer.from(bytes).toString('base64'), size), Buffer.from(bytes));
    }),
  );
  const large = randomBytes(200_000);
  t.ok(decode(large.toString('base64'), 65_536).equals(large));
});

function decode(text: string, size: number): Buffer {
  const decoder = new Base64Decoder();
  const pieces = (text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []).map((piece) =>
    decoder.decode(Buffer.from(piece)),
  );
  decoder.end();
  return Buffer.concat(pieces);
}

t.test('what is not base64 is INVALID_REQUEST', async (t) => {
  for (const text of [
    'A',
    'AA',
    'AAA',
    'AAAA=',
    'AA=A',
    'A===',
    'AA==AAAA',
    'AA\nA',
    'AA A',
    'A-_A',
    'AA\\/A',
    'AÄAA',
  ]) {
    t.throws(() => decode(text, 3), { code: 'INVALID_REQUEST' }, JSON.stringify(text));
  }
});
