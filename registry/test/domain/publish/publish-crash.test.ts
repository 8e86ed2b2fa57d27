// A Worker killed during a publish: after the restart the version exists completely or not at all.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t, { type Test } from 'tap';
import { type RunningRegistry, startRegistry } from '../../../../fixtures/start-registry.ts';
import { clientOf, packCourse, type RegistryClient } from '../../harness.ts';
import { attempts, blobFiles, namedKeys, storedKeys, until } from '../../helpers/local-state.ts';
import { sweepAt } from '../../helpers/started-registry.ts';
import { UploadByHand } from '../../helpers/upload-by-hand.ts';
import { wholeOrNone } from '../../helpers/verify-version.ts';

const CONTENT_BYTES = 6_000_000;
/** Courses that are held in memory until both artifacts are stored at once, and how many are under way. */
const SMALL_BYTES = 100_000;
const SMALL_COURSES = 8;
const HOUR_MS = 3_600_000;
const NAME = parsePackageName('@diego/crash');

const state = await mkdtemp(join(tmpdir(), 'progy-crash-'));
let registry: RunningRegistry = await startRegistry({ state });
t.teardown(async () => {
  await registry.stop();
  await rm(state, { recursive: true, force: true });
});
const token = await clientOf(registry.url).signUp('diego');

/** A publish that somebody has begun. */
interface Publish {
  version: string;
  file: Uint8Array;
  upload: UploadByHand;
  /** Files with bytes in the bucket before it. */
  blobsBefore: number;
}

async function begin(version: string, contentBytes = CONTENT_BYTES): Promise<Publish> {
  const file = await packCourse(NAME.full, version, { files: { 'content/big.bin': randomBytes(contentBytes) } });
  const metadata = { name: NAME.full, version, sizeBytes: file.length };
  const upload = new UploadByHand(registry.url, token, file, metadata);
  return { version, file, upload, blobsBefore: blobFiles(state).length };
}

/** Kills the Worker under its publishes, and starts it again on the same state. */
async function crash(...publishes: Publish[]): Promise<RegistryClient> {
  await registry.kill();
  for (const { upload } of publishes) await upload.disconnect();
  registry = await startRegistry({ state });
  return clientOf(registry.url);
}

/** Publishes once more; `before` tells whether the version is there already. */
async function retry(t: Test, client: RegistryClient, { version, file }: Publish, before: boolean): Promise<void> {
  const { status } = await client.publish(token, file, { name: NAME.full, version });
  t.equal(status, before ? 200 : 201, `the retry of ${version}`);
  t.ok(await wholeOrNone(t, client, NAME, version), `then ${version} is whole`);
}

t.test('killed while four uploads were on their way: none is there, and a retry publishes each', async (t) => {
  const publishes = [];
  for (const share of [0, 0.1, 0.5, 1]) {
    const publish = await begin(`1.0.${share * 100}`);
    const { upload } = publish;
    await upload.sendUpTo(Math.max(upload.fileStart, Math.floor(upload.size * share) - 4));
    publishes.push(publish);
  }
  await until(() => attempts(state).length >= 3);
  const client = await crash(...publishes);
  for (const publish of publishes) {
    t.notOk(await wholeOrNone(t, client, NAME, publish.version), `${publish.version} is not there`);
    await retry(t, client, publish, false);
  }
});

/** Moments after the last byte, in the order in which the state on disk shows them. */
const moments: [string, (publish: Publish) => boolean][] = [
  ['right after the last byte', () => true],
  ['once the .progy file is stored', ({ version }) => isStored(version, '.progy')],
  ['once the tarball is being written', ({ blobsBefore }) => blobFiles(state).length >= blobsBefore + 2],
  ['once the tarball is stored', ({ version }) => isStored(version, '.tgz')],
];

function isStored(version: string, extension: string): boolean {
  return storedKeys(state).some((key) => key.includes(`/v${version}-`) && key.endsWith(extension));
}

for (const [i, [when, reached]] of moments.entries()) {
  t.test(`killed ${when}: the version is whole or not there, and a retry succeeds`, async (t) => {
    const publish = await begin(`2.0.${i}`);
    await publish.upload.sendUpTo(publish.upload.size);
    await until(() => reached(publish));
    const client = await crash(publish);
    await retry(t, client, publish, await wholeOrNone(t, client, NAME, publish.version));
  });
}

/** Of many that are under way, some are at each step. */
const smallMoments: [string, (versions: readonly string[], notesBefore: number) => boolean][] = [
  ['once one is noted', (_, notesBefore) => attempts(state).length > notesBefore],
  ['once an object is stored', (versions) => versions.some((version) => isStored(version, ''))],
  ['once the first is published', (versions) => versions.some(isNamed)],
];

function isNamed(version: string): boolean {
  return namedKeys(state).some((key) => key.includes(`/v${version}-`));
}

for (const [i, [when, reached]] of smallMoments.entries()) {
  t.test(`killed among small courses ${when}: each is whole or not there, and a retry succeeds`, async (t) => {
    const notesBefore = attempts(state).length;
    const versions = Array.from({ length: SMALL_COURSES }, (_, j) => `2.${i + 1}.${j}`);
    const publishes = await Promise.all(versions.map((version) => begin(version, SMALL_BYTES)));
    await Promise.all(publishes.map(({ upload }) => upload.sendUpTo(upload.size)));
    await until(() => reached(versions, notesBefore));
    const client = await crash(...publishes);
    for (const publish of publishes)
      await retry(t, client, publish, await wholeOrNone(t, client, NAME, publish.version));
  });
}

t.test('what was answered survives the next crash, and the sweep removes only what the crashes left', async (t) => {
  const publish = await begin('3.0.0');
  await publish.upload.sendUpTo(publish.upload.size);
  t.equal((await publish.upload.answer()).status, 201);
  const client = await crash(publish);
  t.ok(await wholeOrNone(t, client, NAME, '3.0.0'));
  t.ok(attempts(state).length > 0, 'some publishes died');
  await sweepAt(client, new Date(Date.now() + 2 * HOUR_MS));
  t.same(attempts(state), []);
  t.same(storedKeys(state), namedKeys(state));
  t.ok(await wholeOrNone(t, client, NAME, '1.0.0'));
});
