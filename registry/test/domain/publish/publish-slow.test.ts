// Courses of every kind whose bytes come and go slowly, in random pieces: both artifacts contain the input, in either dialect.
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { readTarball } from '@progy/protocol/tar/tarball.ts';
import { PUBLISH_PATH, packumentPath } from '@progy/protocol/wire/urls.ts';
import { bytesSource, openProgyFile } from '@progy/protocol/zip/progy-file.ts';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { pictureOf, seededRandom, tableOf } from '../../../../fixtures/ordinary-content.ts';
import { buildTarball } from '../../../../fixtures/tar-builder.ts';
import { buildZip } from '../../../../fixtures/zip-builder.ts';
import { bearer, openRegistry, publishRequest } from '../../harness.ts';
import { documentOf, entriesOf } from '../../helpers/npm-publish.ts';
import { askSlowly, SlowBucket, type SlowRequest } from '../../helpers/slow-worker.ts';

const VERSION = '1.0.0';
const KB = 1024;
const MB = 1024 * KB;

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');

/** A file, described and not made, so that a counterexample can be read. */
interface Described {
  kind: 'picture' | 'table';
  size: number;
  /** Of a zip that another program made: stored though it would shrink, deflated though it would not. */
  stored: boolean;
}

interface DescribedCourse {
  files: Described[];
  seed: number;
  /** Whether the metadata tells the size: what has none is stored in parts. */
  sized: boolean;
}

/** Boundaries of the sizes that streams hold back, and that are read, deflated and inflated at once. */
const edge = fc
  .tuple(fc.constantFrom(16 * KB, 64 * KB, 256 * KB, MB), fc.constantFrom(-1, 0, 1))
  .map(([size, more]) => size + more);
const size = fc.oneof(
  { weight: 3, arbitrary: fc.nat(100 * KB) },
  { weight: 3, arbitrary: edge },
  { weight: 1, arbitrary: fc.nat(2 * MB) },
);
const file = fc.record({ kind: fc.constantFrom('picture', 'table'), size, stored: fc.boolean() });
const course = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 8 }),
  seed: fc.nat(),
  sized: fc.boolean(),
});

/** 30 MB, as little of it pictures as npm clients may send. */
const LARGE: DescribedCourse = {
  files: Array.from({ length: 30 }, (_, i) => ({
    kind: i % 2 ? 'picture' : 'table',
    size: MB - i,
    stored: i % 3 === 0,
  })),
  seed: 1,
  sized: false,
};

type Contents = Record<string, Uint8Array>;

function contentsOf(name: string, { files, seed }: DescribedCourse): Contents {
  const random = seededRandom(seed);
  const made = files.map(({ kind, size }, i): [string, Uint8Array] => [
    `content/01_start/${i}.bin`,
    (kind === 'picture' ? pictureOf : tableOf)(size, random),
  ]);
  return { 'course.json': Buffer.from(JSON.stringify({ name, version: VERSION })), ...Object.fromEntries(made) };
}

type Door = (name: string, contents: Contents, course: DescribedCourse) => Promise<Omit<SlowRequest, 'random'>>;

/** Not packed by progy: any stored or deflated zip entry is accepted. */
const throughProgy: Door = async (name, contents, { files, sized }) => {
  const entries = Object.entries(contents).map(([path, content], i) => ({
    name: path,
    content,
    store: files[i - 1]?.stored ?? true,
  }));
  const zip = buildZip(entries);
  const metadata = sized ? { name, version: VERSION, sizeBytes: zip.length } : undefined;
  const { headers, body } = await serialized(publishRequest(diego, zip, metadata));
  return { path: PUBLISH_PATH, method: 'POST', headers, body };
};

const throughNpm: Door = async (name, contents) => {
  const tarball = buildTarball(entriesOf(contents), 1);
  const body = Buffer.from(JSON.stringify(documentOf({ name, version: VERSION, tarball })));
  const headers = { ...bearer(diego), 'Content-Type': 'application/json' };
  return { path: packumentPath(parsePackageName(name)), method: 'PUT', headers, body };
};

async function serialized(init: RequestInit): Promise<{ headers: Record<string, string>; body: Uint8Array }> {
  const request = new Request('http://registry.test', init);
  return { headers: Object.fromEntries(request.headers), body: new Uint8Array(await request.arrayBuffer()) };
}

async function treeOf(files: Parameters<typeof hashFiles>[0]): Promise<string> {
  return treeHash(await hashFiles(files, nodePlatform), nodePlatform);
}

async function* filesOf(contents: Contents): Parameters<typeof hashFiles>[0] {
  for (const [path, bytes] of Object.entries(contents))
    yield { path, mode: '100644', size: bytes.length, content: bytesSource(bytes).stream(0, bytes.length) };
}

/** The trees of the two artifacts in a bucket. */
async function storedTrees({ objects }: SlowBucket): Promise<string[]> {
  const [progyFile, tarball] = ['.progy', '.tgz'].map((end) => {
    const [, bytes = new Uint8Array()] = [...objects].find(([key]) => key.endsWith(end)) ?? [];
    return bytesSource(bytes);
  });
  if (progyFile === undefined || tarball === undefined || objects.size !== 2)
    throw new Error(`${objects.size} objects`);
  const opened = await openProgyFile(progyFile, nodePlatform);
  return [await treeOf(opened.files()), await treeOf(readTarball(tarball.stream(0, tarball.size), nodePlatform))];
}

let courses = 0;

async function comesOutAsItWentIn(t: Test, door: Door, described: DescribedCourse): Promise<void> {
  const name = `@diego/slow-${courses++}`;
  const contents = contentsOf(name, described);
  const random = seededRandom(described.seed);
  const bucket = new SlowBucket(random);
  const answer = await askSlowly(registry.env, bucket, { ...(await door(name, contents, described)), random });
  t.equal(answer.status, 201, await answer.text());
  const tree = await treeOf(filesOf(contents));
  t.same(await storedTrees(bucket), [tree, tree]);
}

for (const [title, door] of Object.entries({ progy: throughProgy, npm: throughNpm })) {
  t.test(`through the door of ${title}`, async (t) => {
    const property = fc.asyncProperty(course, async (described) => comesOutAsItWentIn(t, door, described));
    await fc.assert(property, { numRuns: 10, seed: 7, examples: [[LARGE]] });
  });
}
