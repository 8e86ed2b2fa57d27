// The secret SIGNING_KEYS: its valid contents, which of its keys signs, and how it changes.
import { listedKey } from '@progy/protocol/wire/signature.ts';
import t from 'tap';
import { currentKey, listKeys } from '../../../domain/publish/signing.ts';
import { signingKeysOf } from '../../../env.ts';
import { withNewKey } from '../../../local/signing-keys.ts';

const [key] = await withNewKey([]);
if (key === undefined) throw new Error('no key was made');
const { publicKey, privateKey } = key;
const signerOf = (keys: unknown, now = new Date()) => ({
  signingKeys: () => signingKeysOf({ SIGNING_KEYS: JSON.stringify(keys) }),
  now: () => now,
});

t.test('the newest key signs, if it has a private half and has not expired', async (t) => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  t.strictSame(currentKey(signerOf([key])), key);
  t.strictSame(currentKey(signerOf([{ ...key, expires: tomorrow }])), { ...key, expires: tomorrow });
  const table: [string, unknown, RegExp][] = [
    ['no secret', undefined, /holds no private key/],
    ['an empty list', [], /holds no private key/],
    ['only an older one could', [{ publicKey, expires: null }, key], /holds no private key/],
    ['it expired', [{ ...key, expires: '2026-01-01T00:00:00.000Z' }], /expired at 2026-01-01/],
  ];
  for (const [title, keys, message] of table) t.throws(() => currentKey(signerOf(keys)), { message }, title);
});

t.test('a secret that makes no sense is refused, and none of it repeated', async (t) => {
  const table: Record<string, string> = {
    'no JSON': `${privateKey}`,
    'no list': JSON.stringify(key),
    'no public key': JSON.stringify([{ privateKey, expires: null }]),
    'no base64': JSON.stringify([{ ...key, publicKey: '-----BEGIN PUBLIC KEY-----' }]),
    'no time': JSON.stringify([{ ...key, expires: 'soon' }]),
  };
  const message = 'SIGNING_KEYS must be a JSON list of {publicKey, privateKey, expires}';
  for (const [title, secret] of Object.entries(table)) {
    t.throws(() => signingKeysOf({ SIGNING_KEYS: secret }), { message }, title);
  }
});

t.test(
  'a rotation puts a new key in front; old ones stay listed, without private halves, and soon expire',
  async (t) => {
    const now = new Date('2026-10-01T12:00:00.000Z');
    const long = { ...(await listedKey(publicKey, '2026-03-01T00:00:00.000Z')), keyid: 'older' };
    const rotated = await withNewKey([await listedKey(publicKey, null), long], now);
    t.match(rotated[0], { expires: null, privateKey: /^M/ });
    t.not(rotated[0]?.publicKey, publicKey);
    t.same(rotated.slice(1), [
      { publicKey, expires: '2026-10-01T13:00:00.000Z' },
      { publicKey, expires: '2026-03-01T00:00:00.000Z' },
    ]);
    const listed = await listKeys(signerOf(rotated));
    t.equal(listed.length, 3);
    t.notMatch(JSON.stringify(listed), /private/i);
    t.same(listed[1], await listedKey(publicKey, '2026-10-01T13:00:00.000Z'));
  },
);
