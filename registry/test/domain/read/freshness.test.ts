// How old an answer may be: two isolates on one database, each with its own memory, and a clock that the test moves.
import { gunzipSync } from 'node:zlib';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import t from 'tap';
import { contextOf, type RequestContext, signedInAs } from '../../../context.ts';
import { setAccess } from '../../../domain/people/readers.ts';
import { findArtifact } from '../../../domain/read/read-artifact.ts';
import { readManifest } from '../../../domain/read/read-documents.ts';
import { readPackument, readPackumentToChange } from '../../../domain/read/read-packument.ts';
import { type Actor, UNLIMITED } from '../../../domain/rights/actor.ts';
import { setTag } from '../../../domain/versions/dist-tags.ts';
import { revOf } from '../../../domain/versions/revision.ts';
import { unpublishVersion } from '../../../domain/versions/unpublish.ts';
import { yank } from '../../../domain/versions/yank.ts';
import { openRegistry, packCourse } from '../../harness.ts';
import { countQuestions } from '../../helpers/counted-database.ts';

const registry = await openRegistry(t);
const token = await registry.signUp('diego');
let clock = Date.now();
let questions = 0;

/** The same bindings in another isolate, counting its calls to D1. */
function isolate(): RequestContext {
  const DB = countQuestions(registry.env.DB, () => questions++);
  const context = { ...contextOf({ ...registry.env, DB }), now: () => new Date(clock) };
  return { ...context, address: '192.0.2.1', reader: async () => undefined, later: () => undefined };
}

const { id } = (await registry.env.DB.prepare("SELECT id FROM user WHERE username = 'diego'").first<{
  id: string;
}>()) ?? {
  id: '',
};
const actor: Actor = { id, username: 'diego', limits: UNLIMITED, tokenId: undefined, isAdmin: false };

/** How many questions some work asks. */
async function asked(work: () => Promise<unknown>): Promise<number> {
  const before = questions;
  await work().catch(() => undefined);
  return questions - before;
}

const ONE = '1.0.0' as Version;
const TWO = '1.1.0' as Version;

/** A course of two versions, and what a reader of an isolate sees of it. */
async function publishTwo(slug: string) {
  const name = parsePackageName(`@diego/${slug}`);
  for (const version of [ONE, TWO]) await registry.publish(token, await packCourse(name.full, version));
  return {
    name,
    /** What `latest` names in the packument. */
    latest: async (context: RequestContext) => {
      const { bytes } = await readPackument(context, name, { form: 'full', encoding: 'gzip', held: [] });
      return JSON.parse(gunzipSync(bytes ?? '').toString())['dist-tags'].latest;
    },
    yanked: async (context: RequestContext, version: string) =>
      (await readManifest(context, name, version)).notice ?? '',
    tarball: (context: RequestContext, version: string) => findArtifact(context, 'tarball', name, version),
  };
}

t.test('reading a public course again within the second asks nothing', async (t) => {
  const course = await publishTwo('again');
  const reader = isolate();
  const reads = () =>
    Promise.all([course.latest(reader), course.yanked(reader, 'latest'), course.tarball(reader, ONE)]);
  t.equal(await asked(reads), 3, 'the first time one question each');
  clock += 999;
  t.equal(await asked(reads), 0);
  clock += 1;
  t.equal(await asked(reads), 3, 'after that one question each');
});

t.test('whoever wrote sees it at once, everybody else within the second', async (t) => {
  const course = await publishTwo('written');
  const [writer, other] = [isolate(), isolate()];
  for (const context of [writer, other]) {
    t.equal(await course.latest(context), TWO);
    t.equal(await course.yanked(context, TWO), '');
    t.equal((await course.tarball(context, TWO)).notice, undefined);
  }
  await yank(signedInAs(writer, actor), course.name, TWO, 'broken');
  t.equal(await course.latest(writer), ONE);
  t.match(await course.yanked(writer, TWO), /broken/);
  t.match((await course.tarball(writer, TWO)).notice, /broken/);
  t.equal(await course.latest(other), TWO, 'another isolate may be a second behind');
  clock += 1_000;
  t.equal(await course.latest(other), ONE);
  t.match(await course.yanked(other, TWO), /broken/);
  t.match((await course.tarball(other, TWO)).notice, /broken/);
});

t.test('a course that turns private is gone within the second, for its writer at once', async (t) => {
  const course = await publishTwo('hidden');
  const [writer, other] = [isolate(), isolate()];
  const reads = [course.latest, (context: RequestContext) => course.tarball(context, ONE)];
  for (const context of [writer, other]) for (const read of reads) await read(context);
  await setAccess(signedInAs(writer, actor), course.name, 'restricted');
  for (const read of reads) await t.rejects(read(writer), { code: 'PACKAGE_NOT_FOUND' });
  clock += 1_000;
  for (const read of reads) await t.rejects(read(other), { code: 'PACKAGE_NOT_FOUND' });
});

t.test('an unpublished version is gone within the second', async (t) => {
  const course = await publishTwo('taken-back');
  const [writer, other] = [isolate(), isolate()];
  await course.tarball(other, ONE);
  const row = await registry.env.DB.prepare('SELECT id, rev FROM registry_packages WHERE name = ?')
    .bind(course.name.full)
    .first<{ id: string; rev: number }>();
  await unpublishVersion(signedInAs(writer, actor), course.name, ONE, revOf(row ?? { id: '', rev: 0 }));
  await t.rejects(course.tarball(writer, ONE), { code: 'VERSION_NOT_FOUND', message: /was unpublished/ });
  clock += 1_000;
  await t.rejects(course.tarball(other, ONE), { code: 'VERSION_NOT_FOUND', message: /was unpublished/ });
  await t.rejects(course.yanked(other, ONE), { code: 'VERSION_NOT_FOUND', message: /was unpublished/ });
});

t.test('nothing is remembered of a private course', async (t) => {
  const course = await publishTwo('secret');
  await setAccess(signedInAs(isolate(), actor), course.name, 'restricted');
  const reader = signedInAs(isolate(), actor);
  const reads = () => Promise.all([course.latest(reader), course.yanked(reader, ONE), course.tarball(reader, ONE)]);
  const first = await asked(reads);
  t.ok(first >= 3);
  t.equal(await asked(reads), first, 'who may read is asked each time');
  const stranger = { ...reader, reader: async () => undefined };
  await t.rejects(course.latest(stranger), { code: 'PACKAGE_NOT_FOUND' });
});

t.test('what a client is about to change is read as it is now', async (t) => {
  const course = await publishTwo('changing');
  const [writer, other] = [isolate(), isolate()];
  await course.latest(other);
  await setTag(signedInAs(writer, actor), course.name, 'latest', ONE);
  const text = new TextDecoder().decode(await readPackumentToChange(other, course.name));
  t.equal(JSON.parse(text)['dist-tags'].latest, ONE);
});

t.test(
  'while a course changes all the time, every answer is one of its states and none is older than a second',
  async (t) => {
    const course = await publishTwo('busy');
    const [writer, other] = [isolate(), isolate()];
    const written: { at: number; latest: string }[] = [{ at: clock, latest: TWO }];
    const forms = ['full', 'abbreviated'] as const;
    for (let round = 0; round < 20; round++) {
      const latest = round % 2 === 0 ? ONE : TWO;
      const write = setTag(signedInAs(writer, actor), course.name, 'latest', latest);
      const reads = forms.map((form) => readPackument(other, course.name, { form, encoding: 'identity', held: [] }));
      const documents = await Promise.all(reads);
      await write;
      written.push({ at: clock, latest });
      for (const [i, { bytes }] of documents.entries()) {
        const { versions, 'dist-tags': tags, ...rest } = JSON.parse(new TextDecoder().decode(bytes));
        const allowed = written.filter(
          ({ at }, n) => (written[n + 1]?.at ?? at) > clock - 1_000 || n >= written.length - 2,
        );
        t.ok(
          allowed.some((state) => state.latest === tags.latest),
          `${forms[i]} of round ${round}`,
        );
        t.same(Object.keys(versions), [ONE, TWO]);
        // The full form's revision and its content come from the same moment: `latest` was at TWO after an even number of changes.
        const rev = Number.parseInt(rest._rev ?? '', 10);
        if (forms[i] === 'full') t.equal(tags.latest, rev % 2 === 0 ? TWO : ONE, rest._rev);
      }
      clock += 700;
    }
  },
);
