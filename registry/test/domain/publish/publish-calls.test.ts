// The calls of a small publish to D1 and R2: four wait for each other, in either dialect, however many versions there are.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { PUBLISH_PATH, packumentPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { seededRandom, tableOf } from '../../../../fixtures/ordinary-content.ts';
import { bearer, openRegistry, packCourse, publishRequest } from '../../harness.ts';
import { CountedCalls } from '../../helpers/counted-calls.ts';
import { courseFolder, documentOf, tarballOf } from '../../helpers/npm-publish.ts';
import { askSlowly, SlowBucket, type SlowRequest } from '../../helpers/slow-worker.ts';

/** Who is it? May they, and is it new? Both artifacts. It is published. */
const NEW = ['D1 statement', 'D1 batch', 'R2 put', 'R2 put', 'D1 batch'];

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
// The first use of a token is noted beside the request.
await registry.json('/-/whoami', { headers: bearer(diego) });

const random = seededRandom(1);
const content = { 'content/01_start/table.csv': tableOf(100_000, random) };

type Door = (name: string, version: string, more?: Record<string, unknown>) => Promise<Omit<SlowRequest, 'random'>>;

const throughProgy: Door = async (name, version, more) => {
  const file = await packCourse(name, version, { files: content });
  const request = new Request('http://registry.test', publishRequest(diego, file, { name, version, ...more }));
  const headers = Object.fromEntries(request.headers);
  return { path: PUBLISH_PATH, method: 'POST', headers, body: new Uint8Array(await request.arrayBuffer()) };
};

/** As curl may send it, or a client whose metadata follows the file. */
const withoutMetadata: Door = async (name, version, more) => {
  const file = await packCourse(name, version, { files: content });
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(file)]), 'course.progy');
  if (more !== undefined) form.set('metadata', JSON.stringify(more));
  const request = new Request('http://registry.test', { method: 'POST', headers: bearer(diego), body: form });
  const headers = Object.fromEntries(request.headers);
  return { path: PUBLISH_PATH, method: 'POST', headers, body: new Uint8Array(await request.arrayBuffer()) };
};

const throughNpm: Door = async (name, version, more) => {
  const tarball = tarballOf(courseFolder(name, version, content));
  const body = Buffer.from(JSON.stringify(documentOf({ name, version, tarball }, more)));
  const headers = { ...bearer(diego), 'Content-Type': 'application/json' };
  return { path: packumentPath(parsePackageName(name)), method: 'PUT', headers, body };
};

async function publish(t: Test, request: Omit<SlowRequest, 'random'>, status: number): Promise<CountedCalls> {
  const calls = new CountedCalls();
  const env = { ...registry.env, DB: calls.database(registry.env.DB) };
  const answer = await askSlowly(env, calls.bucket(new SlowBucket(random)), { ...request, random });
  t.equal(answer.status, status, await answer.text());
  return calls;
}

const doors: Record<string, Door> = { progy: throughProgy, 'progy-file-first': withoutMetadata, npm: throughNpm };
for (const [title, door] of Object.entries(doors)) {
  const name = `@diego/${title}`;

  t.test(`the first version of a course, and others, through the door of ${title}`, async (t) => {
    for (const [version, more] of [
      ['1.0.0', {}],
      ['1.1.0', {}],
      ['2.0.0-beta.1', { tag: 'beta', 'dist-tags': { beta: '2.0.0-beta.1' } }],
    ] as const) {
      const { names, sequential } = await publish(t, await door(name, version, more), 201);
      t.same(names, NEW, version);
      t.equal(sequential, 4, `${version}: the artifacts are stored at once`);
    }
  });

  t.test(`a retry through the door of ${title} stores nothing`, async (t) => {
    const { names, sequential } = await publish(t, await door(name, '1.0.0'), 200);
    t.same(names, ['D1 statement', 'D1 batch', 'D1 statement']);
    t.equal(sequential, 3);
  });
}

t.test('npm hides a course by no call more', async (t) => {
  const { names } = await publish(t, await throughNpm('@diego/hidden', '1.0.0', { access: 'restricted' }), 201);
  t.same(names, NEW);
});

t.test('who may not publish costs two calls, and leaves no note', async (t) => {
  for (const door of Object.values(doors)) {
    const { names } = await publish(t, await door('@marta/course', '1.0.0'), 403);
    t.same(names, ['D1 statement', 'D1 batch']);
  }
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
});
