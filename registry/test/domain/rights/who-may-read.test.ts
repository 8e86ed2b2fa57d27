// Who may read a course, one by one and in lists: each case of one table, in TypeScript and in SQL.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { sql } from 'drizzle-orm';
import t from 'tap';
import { contextOf, type RequestContext, signedInAs } from '../../../context.ts';
import { openDatabase } from '../../../database/database.ts';
import { findCollaborators, findCoursesOf } from '../../../database/people/collaborators.ts';
import { mayWrite, readableBy } from '../../../database/rights/rights-on-course.ts';
import { registryPackages } from '../../../database/schema/tables.ts';
import type { Actor } from '../../../domain/rights/actor.ts';
import { type Right, rightOn } from '../../../domain/rights/rights-on-course.ts';
import { findVisible } from '../../../domain/rights/visible-package.ts';
import { openRegistry } from '../../harness.ts';

/** What somebody may do with a course on which they were granted nothing, reading, and writing. */
const TABLE: [username: string, scope: string, nothing: Right, reading: Right, writing: Right][] = [
  ['diego', 'diego', 'own', 'own', 'own'],
  ['diego', 'acme', 'none', 'read', 'write'],
  ['marta-owner', 'acme', 'own', 'own', 'own'],
  ['ana-publisher', 'acme', 'write', 'write', 'write'],
  ['rui-reader', 'acme', 'read', 'read', 'write'],
  ['rui-reader', 'diego', 'none', 'read', 'write'],
  ['sofia', 'acme', 'none', 'read', 'write'],
  ['sofia', 'diego', 'none', 'read', 'write'],
];

/** What a token is limited to, and which of our courses it then reaches. */
const LIMITS: [courses: string[] | null, reaches: (name: string) => boolean][] = [
  [null, () => true],
  [['@acme'], (name) => name.startsWith('@acme/')],
  [['@diego/reading', '@acme/nothing'], (name) => name === '@diego/reading' || name === '@acme/nothing'],
  [['@acm', '@diego/read', 'acme'], () => false],
];

const SLUGS = ['nothing', 'reading', 'writing'] as const;

const { env } = await openRegistry(t);
const db = openDatabase(env.DB);
const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

for (const username of new Set(TABLE.map(([name]) => name))) {
  await run(
    'INSERT INTO user (id, name, email, username, created_at, updated_at) VALUES (?1, ?1, ?1, ?1, 0, 0)',
    username,
  );
}
await run("INSERT INTO organization (id, name, slug, created_at) VALUES ('acme', 'acme', 'acme', 0)");
for (const role of ['owner', 'publisher', 'reader']) {
  await run(
    `INSERT INTO member (id, organization_id, user_id, role, created_at)
     SELECT id, 'acme', id, ?1, 0 FROM user WHERE id LIKE '%-' || ?1`,
    role,
  );
}
for (const scope of ['diego', 'acme']) {
  for (const slug of [...SLUGS, 'open']) {
    await run(
      `INSERT INTO registry_packages (id, user_id, name, slug, latest_version, is_public, is_private)
       VALUES (?1, 'diego', ?1, ?2, '1.0.0', ?3, NOT ?3)`,
      `@${scope}/${slug}`,
      slug,
      slug === 'open' ? 1 : 0,
    );
  }
}
for (const [slug, permission] of [
  ['reading', 'read'],
  ['writing', 'write'],
]) {
  await run(
    `INSERT INTO registry_collaborators (package_id, user_id, permission)
     SELECT p.id, u.id, ?2 FROM registry_packages p, user u WHERE p.slug = ?1`,
    slug,
    permission,
  );
}

const nobody: RequestContext = {
  ...contextOf(env),
  address: '192.0.2.1',
  reader: async () => undefined,
  later: () => undefined,
};

function actorWith(username: string, courses: string[] | null): Actor {
  const limits = { readonly: false, cidrs: null, courses };
  return { id: username, username, limits, tokenId: 'key', isAdmin: false };
}

/** Whether `visible` lets the reader of a context through. */
async function sees(context: RequestContext, name: string): Promise<boolean> {
  const row = await findVisible(context, parsePackageName(name)).catch((error: { code?: string }) => {
    if (error.code !== 'PACKAGE_NOT_FOUND') throw error;
  });
  return row !== undefined;
}

async function listedFor(reader: Actor | undefined): Promise<Set<string>> {
  const rows = await db.select({ name: registryPackages.name }).from(registryPackages).where(readableBy(reader));
  return new Set(rows.map(({ name }) => name));
}

function permissionOf(right: Right): 'read' | 'write' | undefined {
  if (right === 'none') return undefined;
  return right === 'read' ? 'read' : 'write';
}

for (const [username, scope, ...rights] of TABLE) {
  t.test(`${username} may ${rights.join(', ')} in @${scope}`, async (t) => {
    const everywhere = actorWith(username, null);
    const theirs = await findCoursesOf(db, username, everywhere);
    for (const [at, slug] of SLUGS.entries()) {
      const [name, right = 'none'] = [parsePackageName(`@${scope}/${slug}`), rights[at]];
      t.equal(await rightOn(db, everywhere, name), right, `${slug}: what they may do`);
      t.equal(
        (await findCollaborators(db, name))[username],
        permissionOf(right),
        `${slug}: as its maintainers list it`,
      );
      t.equal(theirs[name.full], permissionOf(right), `${slug}: as they list it`);
      const { may } = await db.get<{ may: 0 | 1 }>(sql`SELECT ${mayWrite(name, username)} AS may`);
      t.equal(may === 1, permissionOf(right) === 'write', `${slug}: whether a batch lets them write it`);
      for (const [courses, reaches] of LIMITS) {
        const [actor, may] = [actorWith(username, courses), right !== 'none' && reaches(name.full)];
        const title = `${slug}, token for ${courses?.join(', ') ?? 'all'}`;
        t.equal(await sees(signedInAs(nobody, actor), name.full), may, `${title}: one by one`);
        t.equal((await listedFor(actor)).has(name.full), may, `${title}: in lists`);
      }
    }
  });
}

t.test('everybody sees what is public, whatever their token is limited to, and nobody the rest', async (t) => {
  const readers = [undefined, ...LIMITS.map(([courses]) => actorWith('sofia', courses))];
  for (const reader of readers) {
    const context = reader === undefined ? nobody : signedInAs(nobody, reader);
    for (const name of ['@diego/open', '@acme/open']) {
      t.ok(await sees(context, name), name);
      t.ok((await listedFor(reader)).has(name), name);
    }
  }
  t.same([...(await listedFor(undefined))].sort(), ['@acme/open', '@diego/open']);
  for (const name of ['@diego/reading', '@acme/writing', '@acme/missing']) t.notOk(await sees(nobody, name), name);
});
