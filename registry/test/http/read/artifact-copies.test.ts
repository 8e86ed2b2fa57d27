// Copies of artifacts in the runtime's cache: made of public ones after their first read, and asked for only by who may read.
import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../harness.ts';
import { Course } from '../../helpers/lifecycle.ts';

const ENTRY = await readFile(new URL('../../helpers/calls-entry.js', import.meta.url), 'utf8');
const registry = await openRegistry(t, {}, undefined, ENTRY);
const diego = await registry.signUp('diego');

interface Read {
  status: number;
  bytes: Buffer;
  /** What the Worker asked D1 and R2 before it answered. */
  calls: string;
}

async function read(path: string, headers: Record<string, string> = {}): Promise<Read> {
  const answer = await registry.fetch(path, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, calls: answer.headers.get('x-calls') ?? '' };
}

/** Reads until the answer comes from a copy. */
async function readCopy(path: string): Promise<Read> {
  for (;;) {
    const answer = await read(path);
    if (!answer.calls.includes('R2')) return answer;
  }
}

const tarball = (slug: string) => `/@diego/${slug}/-/${slug}-1.0.0.tgz`;
const download = (slug: string) => `/registry/download/diego/${slug}/1.0.0`;

t.test('after the first read, the same bytes come from a copy, also of parts', async (t) => {
  // Does not compress, so that the tarball is stored in two parts.
  const content = randomFillSync(Buffer.alloc(7 * 1024 * 1024));
  const courses: [slug: string, files: Record<string, Uint8Array>][] = [
    ['small', {}],
    ['large', { 'content/large.bin': content }],
  ];
  for (const [slug, files] of courses) {
    await registry.publish(diego, await packCourse(`@diego/${slug}`, '1.0.0', { files }));
    for (const path of [tarball(slug), download(slug)]) {
      const first = await read(path);
      t.match(first, { status: 200, calls: /R2/ }, path);
      t.ok((await readCopy(path)).bytes.equals(first.bytes), path);
      const part = await read(path, { Range: 'bytes=100-199' });
      t.match(part, { status: 206 }, path);
      t.ok(part.bytes.equals(first.bytes.subarray(100, 200)), path);
    }
  }
});

t.test('a copy needs no stored bytes, and is not served once the version is unpublished', async (t) => {
  const gone = new Course(registry, diego, '@diego/gone');
  await gone.publish('1.0.0');
  await readCopy(tarball('gone'));
  const { objects } = await registry.env.R2.list({ prefix: 'packages/@diego/gone/' });
  await registry.env.R2.delete(objects.map(({ key }) => key));
  t.match(await read(tarball('gone')), { status: 200 });
  await gone.deleteAll((await gone.read())._rev);
  t.match(await read(tarball('gone')), { status: 404 });
});

t.test('a copied course that turns private is for its readers only, who get the stored bytes', async (t) => {
  await registry.publish(diego, await packCourse('@diego/hidden'));
  const { bytes } = await readCopy(tarball('hidden'));
  const init = { method: 'POST', headers: bearer(diego), body: JSON.stringify({ access: 'restricted' }) };
  t.equal((await registry.fetch('/-/package/@diego%2fhidden/access', init)).status, 200);
  t.match(await read(tarball('hidden')), { status: 404 });
  const own = await read(tarball('hidden'), bearer(diego));
  t.match(own, { status: 200, calls: /R2/ });
  t.ok(own.bytes.equals(bytes));
});

t.test('a private course is never copied', async (t) => {
  await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
  await readCopy(tarball('small'));
  for (const path of [tarball('secret'), download('secret')])
    for (let time = 0; time < 5; time++)
      t.match(await read(path, bearer(diego)), { status: 200, calls: /R2/ }, `${path}, time ${time}`);
});
