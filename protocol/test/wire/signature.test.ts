import { createHash, createPrivateKey, createPublicKey, createVerify, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { fromDer, toDer } from '../../bytes/ecdsa-der.ts';
import {
  keyListSchema,
  listedKey,
  makeKeyPair,
  signatureProblem,
  signedMessage,
  signMessage,
  verify,
} from '../../wire/signature.ts';

const pair = await makeKeyPair();
const message = signedMessage('@diego/rust', '1.0.0', 'sha512-AAAA');
const key = await listedKey(pair.publicKey, null);
const other = await makeKeyPair();

function pem(spki: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----`;
}

function opensslVerifies(text: string, sig: string, spki: string): boolean {
  return createVerify('SHA256').update(text).verify(pem(spki), sig, 'base64');
}

t.test('what is signed is name@version:integrity', async (t) => {
  t.equal(message, '@diego/rust@1.0.0:sha512-AAAA');
});

t.test('a key is named and listed as npm does', async (t) => {
  t.match(key, { expires: null, keytype: 'ecdsa-sha2-nistp256', scheme: 'ecdsa-sha2-nistp256', key: pair.publicKey });
  const digest = createHash('sha256').update(Buffer.from(pair.publicKey, 'base64')).digest('base64');
  t.equal(key.keyid, `SHA256:${digest.replace(/=$/, '')}`);
});

t.test('OpenSSL verifies any signature of ours, and we any of OpenSSL', async (t) => {
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = foreign.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const texts = fc.sample(fc.string({ unit: 'binary' }), 100);
  const ours = await Promise.all(texts.map((text) => signMessage(text, pair)));
  t.same(
    ours.filter(({ sig }, index) => !opensslVerifies(texts[index] ?? '', sig, pair.publicKey)),
    [],
  );
  const theirs = texts.map((text) => sign('sha256', Buffer.from(text), foreign.privateKey).toString('base64'));
  const verified = await Promise.all(texts.map((text, index) => verify(text, theirs[index] ?? '', spki)));
  t.notOk(verified.includes(false));
});

t.test('DER and r || s are two spellings of the same numbers', async (t) => {
  const number = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    // Short numbers, and zero: where leading zeros go and come back.
    fc.uint8Array({ maxLength: 32 }).map((tail) => Uint8Array.of(...new Uint8Array(32 - tail.length), ...tail)),
  );
  fc.assert(
    fc.property(number, number, (r, s) => {
      const raw = Uint8Array.of(...r, ...s);
      t.same(fromDer(toDer(raw)), raw);
    }),
  );
});

t.test('DER is written the shortest way, and read in no other', async (t) => {
  const rawOf = (r: number[], s: number[]) =>
    Uint8Array.of(...new Uint8Array(32 - r.length), ...r, ...new Uint8Array(32 - s.length), ...s);
  const written: [number[], number[], string][] = [
    [[1], [2], '3006020101020102'],
    [[0x7f], [0x80], '300702017f02020080'],
    [[0], [1, 0], '300702010002020100'],
  ];
  for (const [r, s, hex] of written) t.equal(Buffer.from(toDer(rawOf(r, s))).toString('hex'), hex);
  const refused: Record<string, string> = {
    nothing: '',
    'no sequence': '3106020101020102',
    'a wrong length': '3007020101020102',
    'bytes after the end': '300602010102010200',
    'bytes after s': '300702010102010200',
    'one number': '3003020101',
    'no integer': '3006020101030102',
    'an empty number': '30050200020102',
    'a needless zero': '300702020001020102',
    'a negative number': '3006020181020102',
    'a number that goes on after the end': '3006020101020202',
    'a number of 33 bytes': `302602${'21'}01${'00'.repeat(32)}020102`,
  };
  for (const [title, hex] of Object.entries(refused)) t.equal(fromDer(Buffer.from(hex, 'hex')), undefined, title);
});

t.test('one changed bit of a signature and it does not verify, nor does what is no signature', async (t) => {
  const { sig } = await signMessage(message, pair);
  const bytes = Buffer.from(sig, 'base64');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return !(await verify(message, changed.toString('base64'), pair.publicKey));
    }),
  );
  t.notOk(await verify(message, 'no base64!', pair.publicKey));
  t.notOk(await verify(message, sig, 'no key'));
  t.ok(await verify(message, sig, pair.publicKey));
});

t.test('signatures prove a version only by a key that is listed and was in use', async (t) => {
  const signatures = [await signMessage(message, pair)];
  const at = (time: string) => new Date(`2026-${time}T00:00:00Z`);
  const expired = { ...key, expires: '2026-06-01T00:00:00.000Z' };
  const foreign = await listedKey(other.publicKey, null);
  const problem = (...args: Partial<Parameters<typeof signatureProblem>>) =>
    signatureProblem(args[0] ?? message, args[1] ?? signatures, args[2] ?? [key], args[3] ?? at('07-01'));

  t.equal(await problem(), undefined);
  t.equal(await problem(message, signatures, [foreign, key]), undefined, 'whatever other keys there are');
  t.equal(await problem(message, signatures, [expired], at('05-31')), undefined, 'before the key expired');
  t.equal(await problem(message, signatures, [expired], at('06-01')), 'expired-key');
  t.equal(await problem(message, signatures, [expired], new Date('no date')), 'expired-key');
  t.equal(await problem(message, []), 'unsigned');
  t.equal(await problem(message, signatures, [foreign]), 'unknown-key');
  t.equal(
    await problem(message, signatures, [{ ...foreign, keyid: key.keyid }]),
    'invalid',
    'a key under a wrong name',
  );
  t.equal(await problem(signedMessage('@diego/rust', '1.0.1', 'sha512-AAAA')), 'invalid');
  const one = await signMessage(message, other);
  t.equal(await problem(message, [...signatures, one]), 'unknown-key', 'all signatures count');
});

t.test('two halves of different pairs sign nothing', async (t) => {
  await t.rejects(signMessage(message, { ...pair, privateKey: other.privateKey }), {
    message: /belongs to another key/,
  });
});

t.test('a new pair is what OpenSSL calls one', async (t) => {
  const key = createPrivateKey({ key: Buffer.from(pair.privateKey, 'base64'), type: 'pkcs8', format: 'der' });
  t.equal(createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'), pair.publicKey);
});

t.test('a list of keys is read, and nothing else taken for one', async (t) => {
  t.same(keyListSchema.parse({ keys: [key] }), { keys: [key] });
  t.same(keyListSchema.parse({ keys: [] }), { keys: [] });
  for (const body of [
    undefined,
    [],
    {},
    { keys: {} },
    { keys: [{ ...key, expires: 'soon' }] },
    { keys: [{ key: 1 }] },
  ]) {
    t.notOk(keyListSchema.safeParse(body).success, JSON.stringify(body));
  }
});
