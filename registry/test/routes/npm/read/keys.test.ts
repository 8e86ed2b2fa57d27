// GET /-/npm/v1/keys, and the signatures that its keys verify.
import { createVerify } from 'node:crypto';
import type { Manifest, Packument } from '@progy/protocol/wire/packument.ts';
import type { PublicKey, Signature } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { withNewKey } from '../../../../local/signing-keys.ts';
import { openRegistry, packCourse } from '../../../harness.ts';
import { integrityOf } from '../../../helpers/verify-version.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
await publish('1.0.0');

function publish(version: string) {
  return packCourse('@diego/rust', version).then((file) => registry.publish(diego, file));
}

async function listedKeys(): Promise<PublicKey[]> {
  return (await registry.json(KEYS_PATH)).body.keys as PublicKey[];
}

async function packument(): Promise<Packument> {
  return (await registry.json('/@diego%2frust')).body as unknown as Packument;
}

/** True if OpenSSL finds the one signature to be by the listed key it names. */
function isSigned(message: string, signatures: Signature[] | undefined, keys: PublicKey[]): boolean {
  const [signature] = signatures ?? [];
  const key = keys.find(({ keyid }) => keyid === signature?.keyid)?.key;
  if (key === undefined || signatures?.length !== 1) return false;
  const pem = `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----`;
  return createVerify('SHA256')
    .update(message)
    .verify(pem, signature?.sig ?? '', 'base64');
}

async function servedIntegrity(url: string): Promise<string> {
  return integrityOf(Buffer.from(await (await registry.fetch(new URL(url).pathname)).arrayBuffer()));
}

t.test('the keys are listed in npm’s form, for everybody, and without their private halves', async (t) => {
  const { status, headers, body } = await registry.json(KEYS_PATH);
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'public, max-age=60');
  t.same(Object.keys(body), ['keys']);
  const [key, ...others] = body.keys as PublicKey[];
  t.same(others, []);
  t.same(Object.keys(key ?? {}).sort(), ['expires', 'key', 'keyid', 'keytype', 'scheme']);
  t.match(key, { expires: null, keyid: /^SHA256:[\w+/]{43}$/, keytype: 'ecdsa-sha2-nistp256' });
});

t.test(
  'both artifacts are signed, over the bytes that are served, and the full packument and a manifest say how',
  async (t) => {
    const keys = await listedKeys();
    const forms: Record<string, Manifest | undefined> = {
      full: (await packument()).versions['1.0.0'],
      'one version': (await registry.json('/@diego%2frust/1.0.0')).body as unknown as Manifest,
    };
    for (const [form, manifest] of Object.entries(forms)) {
      if (manifest === undefined) throw new Error(`There is no ${form} manifest`);
      const { progy, ...dist } = manifest.dist;
      t.ok(isSigned(`@diego/rust@1.0.0:${await servedIntegrity(dist.tarball)}`, dist.signatures, keys), form);
      t.ok(
        isSigned(`@diego/rust@1.0.0:${await servedIntegrity(progy.url)}`, progy.signatures, keys),
        `${form}: .progy`,
      );
    }
  },
);

t.test('versions from before the registry signed are served without signatures', async (t) => {
  await registry.publish(diego, await packCourse('@diego/old'));
  await registry.env.DB.prepare(
    `UPDATE registry_versions SET signature_keyid = NULL, signature = NULL, progy_signature = NULL
     WHERE package_id = (SELECT id FROM registry_packages WHERE name = '@diego/old')`,
  ).run();
  await registry.publish(diego, await packCourse('@diego/old', '1.1.0'));
  const { versions } = (await registry.json('/@diego%2fold')).body as unknown as Packument;
  const { dist } = versions['1.0.0'] ?? {};
  t.same(Object.keys(dist ?? {}), ['tarball', 'integrity', 'shasum', 'fileCount', 'unpackedSize', 'progy']);
  t.same(Object.keys(dist?.progy ?? {}), ['url', 'sha256', 'integrity', 'size', 'tree']);
  t.ok(versions['1.1.0']?.dist.signatures, 'which says nothing about others');
});

t.test('after a rotation new versions are signed with the new key, and old ones still verify', async (t) => {
  const old = await listedKeys();
  await registry.useSigningKeys(await withNewKey(old));
  t.equal((await publish('1.1.0')).status, 201);

  const keys = await listedKeys();
  t.equal(keys.length, 2);
  t.equal(keys[0]?.expires, null);
  t.equal(keys[1]?.keyid, old[0]?.keyid);
  const { versions, time } = await packument();
  for (const [version, key] of [
    ['1.0.0', keys[1]],
    ['1.1.0', keys[0]],
  ] as const) {
    const dist = versions[version]?.dist;
    t.equal(dist?.signatures?.[0]?.keyid, key?.keyid, version);
    t.ok(isSigned(`@diego/rust@${version}:${dist?.integrity}`, dist?.signatures, keys), version);
  }
  t.ok(Date.parse(keys[1]?.expires ?? '') > Date.parse(time['1.0.0'] ?? ''), 'the old key was in use then');
});

t.test('without a key that can sign nothing is published, the log says why, and the rest goes on', async (t) => {
  const keyless = await openRegistry(t, {}, []);
  const marta = await keyless.signUp('marta');
  const file = await packCourse('@marta/sql');
  t.match(await keyless.publish(marta, file), {
    status: 500,
    body: { code: 'INTERNAL', error: 'The registry failed' },
  });
  t.match(keyless.logs().join('\n'), /SIGNING_KEYS holds no private key, so nothing can be published/);
  t.same((await keyless.json(KEYS_PATH)).body, { keys: [] });
  t.equal((await keyless.json('/@marta%2fsql')).status, 404);
  t.same((await keyless.env.R2.list()).objects, [], 'nothing was stored');
});
