// A packument always has the same bytes: new or cached, plain or gzipped, whole or version by version.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import fc from 'fast-check';
import t from 'tap';
import { contextOf, type RequestContext, signedInAs } from '../../../context.ts';
import { readManifest } from '../../../domain/read/read-documents.ts';
import { readPackument } from '../../../domain/read/read-packument.ts';
import { type Actor, UNLIMITED } from '../../../domain/rights/actor.ts';
import { openRegistry, packCourse } from '../../harness.ts';
import { countQuestions } from '../../helpers/counted-database.ts';

const FIXTURES = fileURLToPath(new URL('../../../../fixtures/courses', import.meta.url));
const RANDOM_COURSES = 500;

const registry = await openRegistry(t);
const tokens = { diego: await registry.signUp('diego'), marta: await registry.signUp('marta') };
const ids = new Map(
  (await registry.env.DB.prepare('SELECT username, id FROM user').all<{ username: string; id: string }>()).results.map(
    ({ username, id }) => [username, id],
  ),
);
let questions = 0;

/** A new isolate without caches, whose clock stands still, for the holder of the scope. */
function isolateOf({ scope }: PackageName): RequestContext {
  const DB = countQuestions(registry.env.DB, () => questions++);
  const now = new Date();
  const context = { ...contextOf({ ...registry.env, DB }), now: () => now };
  const anonymous = { ...context, address: '192.0.2.1', reader: async () => undefined, later: () => undefined };
  const id = ids.get(scope) ?? '';
  const actor: Actor = { id, username: scope, limits: UNLIMITED, tokenId: undefined, isAdmin: false };
  return signedInAs(anonymous, actor);
}

/** Two isolates for each scope: making their statements takes longer than running them. */
const isolates = new Map(
  [...ids.keys()].map((scope) => {
    const name = parsePackageName(`@${scope}/any`);
    return [scope, { warm: isolateOf(name), other: isolateOf(name) }];
  }),
);

function isolatesOf({ scope }: PackageName) {
  const two = isolates.get(scope);
  if (two === undefined) throw new Error(`Nobody holds @${scope}`);
  return two;
}

type Bytes = Uint8Array | undefined;
const textOf = (bytes: Bytes) => Buffer.from(bytes ?? '').toString();

/** The packument as five ways bring it; all of them must be the same. */
async function ways(name: PackageName, form: 'full' | 'abbreviated'): Promise<string[]> {
  const { warm, other: fresh } = isolatesOf(name);
  const read = async (context: RequestContext, encoding: 'identity' | 'gzip') =>
    (await readPackument(context, name, { form, encoding, held: [] })).bytes;
  const unzipped = async (context: RequestContext) => gunzipSync((await read(context, 'gzip')) ?? '').toString();
  const made = [textOf(await read(warm, 'identity')), await unzipped(fresh)];
  const before = questions;
  const remembered = [textOf(await read(warm, 'identity')), await unzipped(fresh)];
  const isPublic = (await readPackument(warm, name, { form, encoding: 'identity', held: [] })).isPublic;
  if (isPublic && questions !== before) throw new Error(`${name.full} was not remembered`);
  return [...made, ...remembered, await unzipped(warm)];
}

/** The full packument, and what of the course differs: nothing. */
async function readAll(name: PackageName): Promise<{ text: string; faults: string[] }> {
  const [full, abbreviated] = [await ways(name, 'full'), await ways(name, 'abbreviated')];
  const faults = [full, abbreviated].filter((texts) => new Set(texts).size !== 1).map(([first = '']) => first);
  const [text = ''] = full;
  const context = isolatesOf(name).other;
  for (const version of Object.keys(JSON.parse(text).versions)) {
    const manifest = textOf((await readManifest(context, name, version)).bytes);
    if (!text.includes(`${JSON.stringify(version)}:${manifest}`)) faults.push(version);
  }
  return { text, faults };
}

async function filesOf(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string) => [relative(folder, path), await readFile(path)] as const;
  return Object.fromEntries(await Promise.all(files.map(read)));
}

for (const slug of (await readdir(FIXTURES)).filter((name) => name !== 'defects')) {
  t.test(`fixture ${slug}`, async (t) => {
    const files = await filesOf(join(FIXTURES, slug));
    const name = parsePackageName(JSON.parse(files['course.json']?.toString() ?? '').name);
    const token = name.scope === 'marta' ? tokens.marta : tokens.diego;
    const { status } = await registry.publish(token, await packCourse(name.full, '1.0.0', { files }));
    t.equal(status, 201);
    t.same((await readAll(name)).faults, []);
  });
}

/** The rows of a course; texts contain anything that an author may write. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const note = fc.option(text);
const version = fc.record({
  manifest: fc.record({ description: text, keywords: fc.array(text, { maxLength: 3 }), license: text }),
  readme: note,
  deprecated: note,
  yanked: note,
  isUnpublished: fc.boolean(),
  signature: fc.option(fc.base64String()),
});
const course = fc.record({
  description: note,
  versions: fc.array(version, { minLength: 1, maxLength: 4 }),
  tags: fc.array(fc.string({ unit: fc.constantFrom(...'abxyz'), minLength: 1, maxLength: 8 }), { maxLength: 3 }),
});
type RandomCourse = typeof course extends fc.Arbitrary<infer T> ? T : never;

/** Rows of a course, as SQL would have them: the first version is what `latest` names, and always there. */
async function insert(name: PackageName, { description, versions, tags }: RandomCourse): Promise<void> {
  const { DB } = registry.env;
  const [owner, id] = [ids.get('diego'), crypto.randomUUID()];
  const rows = versions.map((each, n) => ({ ...each, id: `${id}-${n}`, number: `1.${n}.0` }));
  await DB.batch([
    DB.prepare(
      'INSERT INTO registry_packages (id, user_id, name, slug, description, latest_version) VALUES (?, ?, ?, ?, ?, ?)',
    ).bind(id, owner, name.full, name.slug, description, '1.0.0'),
    ...rows.map((row, n) =>
      DB.prepare(
        `INSERT INTO registry_versions (id, package_id, version, latest_rank, storage_key, size_bytes, checksum, integrity,
           tarball_key, tarball_size, tarball_integrity, shasum, file_count, unpacked_size, tree, signature_keyid, signature,
           progy_signature, manifest, readme, deprecated, yanked, unpublished_at, publisher_id)
         VALUES (?1, ?2, ?3, ?3, ?1, 1, 'sum', 'sha512-a', ?1, 1, 'sha512-b', 'sha', 1, 1, 'tree', 'key', ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
      ).bind(
        row.id,
        id,
        row.number,
        row.signature,
        JSON.stringify({ name: name.full, version: row.number, ...row.manifest }),
        row.readme,
        row.deprecated,
        row.yanked,
        row.isUnpublished && n > 0 ? 1 : null,
        owner,
      ),
    ),
    ...[...new Set(['latest', ...tags])].map((tag) =>
      DB.prepare('INSERT INTO registry_dist_tags (package_id, tag, version_id) VALUES (?, ?, ?)').bind(
        id,
        tag,
        `${id}-0`,
      ),
    ),
  ]);
}

t.test(`${RANDOM_COURSES} random courses`, async (t) => {
  let made = 0;
  const isSame = fc.asyncProperty(course, async (random) => {
    const name = parsePackageName(`@diego/random-${made++}`);
    await insert(name, random);
    const { text: full, faults } = await readAll(name);
    const { versions, readme, description, 'dist-tags': tags } = JSON.parse(full);
    const shown = random.versions.filter(({ isUnpublished }, n) => n === 0 || !isUnpublished);
    t.same(
      Object.values(versions).map((manifest) => (manifest as { yanked?: string }).yanked ?? null),
      shown.map(({ yanked }) => yanked),
    );
    t.same([readme ?? null, description ?? null], [random.versions[0]?.readme, random.description]);
    t.same(new Set(Object.keys(tags)), new Set(['latest', ...random.tags]));
    return faults.length === 0;
  });
  await fc.assert(isSame, { numRuns: RANDOM_COURSES, endOnFailure: true });
});
