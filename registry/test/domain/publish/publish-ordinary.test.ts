// Courses as instructors make them, a picture and a table in each exercise, through the real Worker: the output equals the input.
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { readTarball } from '@progy/protocol/tar/tarball.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import { bytesSource, openProgyFile, type PackedFile, writePackedFiles } from '@progy/protocol/zip/progy-file.ts';
import { packFile } from '@progy/protocol/zip/progy-file-writer.ts';
import t from 'tap';
import { between, pictureOf, seededRandom, tableOf } from '../../../../fixtures/ordinary-content.ts';
import { buildTarball } from '../../../../fixtures/tar-builder.ts';
import { type Answer, openRegistry } from '../../harness.ts';
import { documentOf, entriesOf, type Folder, put } from '../../helpers/npm-publish.ts';

const COURSES = 30;
const EXERCISES = 12;
/** One of so many courses comes from npm. */
const FROM_NPM = 6;
const VERSION = '1.0.0';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');

/** Content, plain and packed: packing takes longest, so courses share their content. */
interface Content {
  readonly bytes: Uint8Array;
  readonly packed: PackedFile['packed'];
}

const random = seededRandom(7);
/** Most tables are small, some are not. */
const rarelyLarge = () => random() ** 8;
const several = Array.from({ length: EXERCISES + 4 }, (_, i) => i);
const pictures = await Promise.all(several.map(() => packed(pictureOf(between(80_000, 380_000, random), random))));
const tables = await Promise.all(several.map(() => packed(tableOf(between(300_000, 3_000_000, rarelyLarge), random))));

async function packed(bytes: Uint8Array): Promise<Content> {
  const once = async function* () {
    yield bytes;
  };
  return {
    bytes,
    packed: (await packFile({ path: '', mode: '100644', size: bytes.length }, once(), nodePlatform)).packed,
  };
}

/** The files of one course, with its own selection and order. */
async function courseOf(name: string): Promise<Map<string, Content>> {
  const pick = (contents: readonly Content[]) => contents[between(0, contents.length - 1, random)] as Content;
  const files = new Map([['course.json', await packed(Buffer.from(JSON.stringify({ name, version: VERSION })))]]);
  for (let i = 10; i < 10 + EXERCISES; i++) {
    files.set(`content/01_data/${i}_exercise/README.md`, await packed(Buffer.from(`# Exercise ${i}\n`)));
    files.set(`content/01_data/${i}_exercise/picture.png`, pick(pictures));
    files.set(`content/01_data/${i}_exercise/table.csv`, pick(tables));
  }
  return files;
}

function publishWithProgy(name: string, files: ReadonlyMap<string, Content>): Promise<Answer> {
  const entries = [...files].map(([path, { bytes, packed }]) => ({
    ...{ path, mode: '100644' as const, size: bytes.length },
    packed,
  }));
  const file = Buffer.concat([...writePackedFiles(entries)]);
  return registry.publish(diego, file, { name, version: VERSION, sizeBytes: file.length });
}

function publishWithNpm(name: string, files: ReadonlyMap<string, Content>): Promise<Answer> {
  const folder: Folder = Object.fromEntries([...files].map(([path, { bytes }]) => [path, bytes]));
  return put(
    registry,
    diego,
    name,
    documentOf({ name, version: VERSION, tarball: buildTarball(entriesOf(folder), 1) }),
  );
}

async function treeOf(files: Parameters<typeof hashFiles>[0]): Promise<string> {
  return treeHash(await hashFiles(files, nodePlatform), nodePlatform);
}

async function* asCourseFiles(files: ReadonlyMap<string, Content>): Parameters<typeof hashFiles>[0] {
  for (const [path, { bytes }] of files) {
    const content = async function* () {
      yield bytes;
    };
    yield { path, mode: '100644', size: bytes.length, content: content() };
  }
}

/** The trees of both artifacts, as they are downloaded. */
async function servedTrees(name: string): Promise<string[]> {
  const course = parsePackageName(name);
  const bytesAt = async (path: string) => new Uint8Array(await (await registry.fetch(path)).arrayBuffer());
  const progyFile = await openProgyFile(bytesSource(await bytesAt(downloadPath(course, VERSION))), nodePlatform);
  const tarball = bytesSource(await bytesAt(tarballPath(course, VERSION)));
  return [await treeOf(progyFile.files()), await treeOf(readTarball(tarball.stream(0, tarball.size), nodePlatform))];
}

for (let i = 0; i < COURSES; i++) {
  const name = `@diego/ordinary-${i}`;
  const isFromNpm = i % FROM_NPM === 0;
  t.test(`${name}, published with ${isFromNpm ? 'npm' : 'progy'}, is served as it was`, async (t) => {
    const files = await courseOf(name);
    const { status, body } = await (isFromNpm ? publishWithNpm : publishWithProgy)(name, files);
    t.equal(status, 201, `${body.code ?? 'no error'}`);
    if (status !== 201) return;
    const tree = await treeOf(asCourseFiles(files));
    t.same(await servedTrees(name), [tree, tree]);
  });
}
