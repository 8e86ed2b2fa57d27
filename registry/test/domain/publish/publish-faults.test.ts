// Publishes that lose their client, their database or their storage on the way: afterwards everything exists, or nothing.
import { randomBytes } from 'node:crypto';
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import t, { type Test } from 'tap';
import { packCourse } from '../../harness.ts';
import { attempts, lock, namedKeys, openUploads, storedKeys, until } from '../../helpers/local-state.ts';
import { openStarted, sweepAt } from '../../helpers/started-registry.ts';
import { UploadByHand } from '../../helpers/upload-by-hand.ts';
import { integrityOf, wholeOrNone } from '../../helpers/verify-version.ts';

/** More than two parts of a multipart upload: the first travels before the last byte has come. */
const CONTENT_BYTES = 12_000_000;
const HOUR_MS = 3_600_000;
const VERSION = '1.0.0';

const registry = await openStarted(t);
const { state } = registry;
const token = await registry.signUp('diego');

/** A publish that somebody has begun. */
interface Publish {
  name: PackageName;
  file: Uint8Array;
  upload: UploadByHand;
}

/** Uploads of announced size are one object from the start, others travel in parts. */
const SIZES = ['announced', 'unknown'] as const;

async function begin(slug: string, size: (typeof SIZES)[number]): Promise<Publish> {
  const name = parsePackageName(`@diego/${slug}`);
  const file = await packCourse(name.full, VERSION, { files: { 'content/big.bin': randomBytes(CONTENT_BYTES) } });
  const claim = { name: name.full, version: VERSION, ...(size === 'announced' ? { sizeBytes: file.length } : {}) };
  return { name, file, upload: new UploadByHand(registry.url, token, file, claim) };
}

async function retry({ name, file }: Publish): Promise<number> {
  const { status } = await registry.publish(token, file, { name: name.full, version: VERSION });
  return status;
}

/** No note of a publish under way, no object without a version, no upload that is still open. */
function nothingIsLeft(t: Test): void {
  t.same(attempts(state), [], 'no attempt is left');
  t.same(storedKeys(state), namedKeys(state), 'every object belongs to a version');
  t.same(openUploads(state), [], 'no multipart upload is left');
}

for (const size of SIZES) {
  t.test(`a client that hangs up in an upload of ${size} size leaves nothing, and may come back`, async (t) => {
    for (const percent of [10, 50, 99]) {
      const publish = await begin(`gone-${size}-${percent}`, size);
      const { name, upload } = publish;
      await upload.sendUpTo(Math.floor((upload.size * percent) / 100));
      await until(() => attempts(state).length > 0);
      await upload.disconnect();
      await until(() => attempts(state).length === 0);
      nothingIsLeft(t);
      t.notOk(await wholeOrNone(t, registry, name, VERSION), `nothing after ${percent} %`);
      t.equal(await retry(publish), 201);
    }
  });
}

t.test('a client that hangs up before the first byte of the file leaves nothing', async (t) => {
  const publish = await begin('gone-0', 'announced');
  await publish.upload.sendUpTo(publish.upload.fileStart);
  await publish.upload.disconnect();
  t.equal(await retry(publish), 201);
  nothingIsLeft(t);
});

t.test('a client that hangs up right after the last byte leaves everything or nothing', async (t) => {
  const publish = await begin('gone-100', 'announced');
  const { name, upload } = publish;
  await upload.sendUpTo(upload.size);
  await until(() => attempts(state).length > 0);
  await upload.disconnect();
  await until(() => attempts(state).length === 0);
  nothingIsLeft(t);
  const isThere = await wholeOrNone(t, registry, name, VERSION);
  t.equal(await retry(publish), isThere ? 200 : 201);
});

t.test('a client that hangs up once its file is stored has published it', async (t) => {
  const { name, upload } = await begin('gone-later', 'announced');
  await upload.sendUpTo(upload.size);
  await until(() => storedKeys(state).some((key) => key.includes(`${name.full}/`)));
  await upload.disconnect();
  await until(() => attempts(state).length === 0);
  nothingIsLeft(t);
  t.ok(await wholeOrNone(t, registry, name, VERSION));
});

t.test('two large uploads at once, a piece of each in turn, are both whole', async (t) => {
  const publishes = await Promise.all([begin('one', 'announced'), begin('two', 'unknown')]);
  for (let percent = 1; percent <= 100; percent += 9) {
    for (const { upload } of publishes) await upload.sendUpTo(Math.floor((upload.size * percent) / 100));
  }
  const answers = await Promise.all(publishes.map(({ upload }) => upload.answer()));
  for (const [i, { name, file }] of publishes.entries()) {
    t.match(answers[i], { status: 201, json: { name: name.full, integrity: integrityOf(file) } });
    t.ok(await wholeOrNone(t, registry, name, VERSION));
  }
  nothingIsLeft(t);
});

const FAULTS = [
  ['d1', 503, 'UNAVAILABLE'],
  ['r2', 500, 'R2_UPLOAD_FAILED'],
] as const;

for (const size of SIZES) {
  for (const [store, status, code] of FAULTS) {
    t.test(`${store} lost after half of an upload of ${size} size: ${code}, and a retry publishes it`, async (t) => {
      const publish = await begin(`without-${store}-${size}`, size);
      const { name, upload } = publish;
      await upload.sendUpTo(Math.floor(upload.size / 2));
      await until(() => attempts(state).length > 0);
      const unlock = lock(state, store);
      await upload.sendUpTo(upload.size);
      t.match(await upload.answer(), { status, json: { code } });
      t.notOk(await wholeOrNone(t, registry, name, VERSION), 'nothing to see while it is lost');
      unlock();
      t.notOk(await wholeOrNone(t, registry, name, VERSION), 'nor when it is back');
      t.equal(await retry(publish), 201);
      t.ok(await wholeOrNone(t, registry, name, VERSION), 'after the retry it is whole');

      t.equal(attempts(state).length, 1, 'what could not be cleaned up is noted');
      await sweepAt(registry, new Date(Date.now() + 2 * HOUR_MS));
      t.same(attempts(state), []);
      t.same(storedKeys(state), namedKeys(state));
    });
  }
}

t.test('a client that is refused while it is still sending reads why', async (t) => {
  const file = randomBytes(CONTENT_BYTES);
  for (let i = 0; i < 10; i++) {
    t.match(await registry.publish('progy_unknown', file), { status: 401, body: { code: 'UNAUTHORIZED' } });
    const claim = { name: '@marta/course', version: VERSION };
    t.match(await registry.publish(token, file, claim), { status: 403, body: { code: 'FORBIDDEN' } });
  }
});
