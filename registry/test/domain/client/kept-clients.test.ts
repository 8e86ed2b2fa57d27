// The versions of progy that lockfiles pin: a registry goes on serving what it once served.
import { createHash } from 'node:crypto';
import type { ShippedClient } from '@progy/protocol/client/shipped-client.ts';
import type { Packument } from '@progy/protocol/wire/packument.ts';
import { keyListSchema, signatureProblem, signedMessage } from '@progy/protocol/wire/signature.ts';
import t, { type Test } from 'tap';
import { shippedFiles } from '../../../local/build/client-package.ts';
import { openRegistry } from '../../harness.ts';

const OLD = Buffer.from('the bytes of an older progy');
const SHIPPED: ShippedClient = JSON.parse(
  Buffer.from((await shippedFiles('http://registry.test'))['client.json'] ?? []).toString(),
);
const LATEST = SHIPPED.manifest.version;
const sriOf = (bytes: Uint8Array) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

async function open(t: Test) {
  const registry = await openRegistry(t);
  const { R2 } = registry.env;
  const bytesAt = async (path: string) => Buffer.from(await (await registry.fetch(path)).arrayBuffer());
  const kept = async (): Promise<ShippedClient[]> =>
    JSON.parse((await (await R2.get('clients/index.json'))?.text()) ?? '[]');
  const packument = async () => (await registry.json('/@progy%2fcli')).body as unknown as Packument;
  return { registry, R2, bytesAt, kept, packument };
}

/** A registry on whose bucket another deployment kept a version, with the bytes of {@link OLD}. */
async function openAfter(t: Test, version: string) {
  const opened = await open(t);
  const shasum = createHash('sha1').update(OLD).digest('hex');
  const old = {
    ...SHIPPED,
    manifest: { ...SHIPPED.manifest, version },
    integrity: sriOf(OLD),
    shasum,
    size: OLD.length,
  };
  await opened.R2.put(`clients/cli-${version}.tgz`, OLD);
  await opened.R2.put('clients/index.json', JSON.stringify([old]));
  return opened;
}

t.test('the version of a deployment is kept once, by the cron', async (t) => {
  const { registry, R2, bytesAt, kept } = await open(t);
  t.same(await kept(), []);
  for (const _ of ['first', 'second']) await registry.scheduled(new Date());
  const list = await kept();
  t.same(
    list.map(({ manifest }) => manifest.version),
    [LATEST],
  );
  const object = await R2.get(`clients/cli-${LATEST}.tgz`);
  t.same(Buffer.from((await object?.arrayBuffer()) ?? new ArrayBuffer()), await bytesAt('/progy.tgz'));
  t.equal(registry.logs().filter((line) => line.includes(`kept progy ${LATEST}`)).length, 1);
});

t.test('after another deployment the version before is still there, signed, and latest is the new one', async (t) => {
  const { registry, bytesAt, packument } = await openAfter(t, '0.0.9');
  const { versions, time, 'dist-tags': tags } = await packument();
  t.same(Object.keys(versions), ['0.0.9', LATEST]);
  t.same(tags, { latest: LATEST });
  t.same(await bytesAt('/@progy/cli/-/cli-0.0.9.tgz'), OLD);
  const part = await registry.fetch('/@progy/cli/-/cli-0.0.9.tgz', { headers: { Range: 'bytes=4-8' } });
  t.same(Buffer.from(await part.arrayBuffer()), OLD.subarray(4, 9));
  const { dist } = (await registry.json('/@progy/cli/0.0.9')).body as unknown as Packument['versions'][string];
  t.equal(dist.integrity, sriOf(OLD));
  const listed = keyListSchema.parse((await registry.json('/-/npm/v1/keys')).body).keys;
  const message = signedMessage('@progy/cli', '0.0.9', dist.integrity);
  t.equal(await signatureProblem(message, dist.signatures ?? [], listed, new Date(time['0.0.9'] ?? '')), undefined);
});

t.test('other bytes under a number that was served before are not served, and the log says so', async (t) => {
  const { registry, bytesAt, kept, packument } = await openAfter(t, LATEST);
  const { versions, 'dist-tags': tags } = await packument();
  t.same(tags, { latest: LATEST });
  t.equal(versions[LATEST]?.dist.integrity, sriOf(OLD));
  t.same(await bytesAt('/progy.tgz'), OLD);
  await registry.scheduled(new Date());
  t.ok(registry.logs().some((line) => line.includes(`progy ${LATEST} was deployed before with other bytes`)));
  t.same((await kept()).find(({ manifest }) => manifest.version === LATEST)?.integrity, sriOf(OLD));
});
