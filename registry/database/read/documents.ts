// Owns reading npm's documents from D1: the manifests that SQLite prints, and the rest of a packument.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Maintainer, ManifestRow } from '@progy/protocol/wire/packument.ts';
import { aliasedTable, and, eq, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { GIVEN_NAME } from '../courses-by-name.ts';
import { type Database, preparedOnce } from '../database.ts';
import type { PackageRow } from '../packages.ts';
import { maintainersOf } from '../people/maintainers.ts';
import { registryDistTags, registryPackages, registryVersions, user } from '../schema/tables.ts';
import { aroundManifests, type DocumentForm, GIVEN_AROUND, manifestJson } from './manifest-json.ts';

const courseColumns = {
  id: registryPackages.id,
  rev: registryPackages.rev,
  isPublic: registryPackages.isPublic,
  latestVersion: registryPackages.latestVersion,
  description: registryPackages.description,
  createdAt: registryPackages.createdAt,
  updatedAt: registryPackages.updatedAt,
};

/** The columns of a course's row that documents need. */
export type CourseRow = Pick<PackageRow, keyof typeof courseColumns>;

/** What a packument contains besides the row of a course. */
export interface PackumentRows {
  /** `{tag: version}`. */
  distTags: Record<string, string>;
  /** In order of publication. */
  manifests: ManifestRow[];
  /** README of the version that `latest` names; read only for the full form. */
  readme: string | null;
  /** Read only for the full form. */
  maintainers: Maintainer[];
}

/** Identifies the state of a course that its documents show. */
export function revisionKey({ id, rev }: Pick<PackageRow, 'id' | 'rev'>): string {
  return `${id}-${rev}`;
}

/** The packument that is wanted. */
export interface PackumentQuery {
  name: PackageName;
  form: DocumentForm;
  /** Prefix of the URLs in it. */
  origin: string;
  /** Revision keys of at most two packuments at hand: if one of them is current, only the row is read. */
  held: readonly (string | undefined)[];
}

/** The row of a course and everything in its packument. */
export interface FoundPackument {
  package: CourseRow;
  /** One of those at hand is still current; then nothing else was read. */
  isHeld: boolean;
  rows: PackumentRows;
}

/** Finds a course and everything in its packument in one statement, so that no change can come in between. */
export async function findPackument(
  db: Database,
  { name, form, origin, held: [held, alsoHeld] }: PackumentQuery,
): Promise<FoundPackument | undefined> {
  const given = { ...aroundManifests(name, origin), held: held ?? '', alsoHeld: alsoHeld ?? '' };
  const found = await packuments(db)[form].all(given);
  const [first] = found;
  if (first === undefined) return undefined;
  const { id, rev, isPublic, latestVersion, description, createdAt, updatedAt } = first;
  const row = { id, rev, isPublic, latestVersion, description, createdAt, updatedAt };
  return { package: row, isHeld: [held, alsoHeld].includes(revisionKey(row)), rows: toRows(found) };
}

type PackumentRow = Awaited<ReturnType<ReturnType<typeof packumentStatement>['all']>>[number];

function toRows(found: readonly PackumentRow[]): PackumentRows {
  const latest = found.find(({ distTags }) => distTags !== null);
  return {
    distTags: JSON.parse(latest?.distTags ?? '{}'),
    manifests: found.flatMap(({ version, publishedAt, manifest }) =>
      version === null || publishedAt === null ? [] : [{ version, publishedAt, manifest }],
    ),
    readme: latest?.readme ?? null,
    maintainers: JSON.parse(latest?.maintainers ?? '[]'),
  };
}

const packuments = preparedOnce((db) => ({
  full: packumentStatement(db, 'full'),
  abbreviated: packumentStatement(db, 'abbreviated'),
}));

/** A row for each version, or one without a version. What the course has once is in the row of the version that `latest` names. */
function packumentStatement(db: Database, form: DocumentForm) {
  const held = sql`${registryPackages.id} || '-' || ${registryPackages.rev} IN (${sql.placeholder('held')}, ${sql.placeholder('alsoHeld')})`;
  const atLatest = (value: SQL) =>
    sql<string | null>`iif(${registryVersions.version} = ${registryPackages.latestVersion}, ${value}, NULL)`;
  const isFull = form === 'full';
  return db
    .select({
      ...courseColumns,
      version: registryVersions.version,
      publishedAt: registryVersions.createdAt,
      manifest: manifestJson(form, GIVEN_AROUND).as('manifest'),
      distTags: atLatest(distTagsJson).as('dist_tags'),
      readme: atLatest(isFull ? sql`${registryVersions.readme}` : sql`NULL`).as('shown_readme'),
      maintainers: atLatest(isFull ? maintainersOf(GIVEN_NAME) : sql`NULL`).as('maintainers'),
    })
    .from(registryPackages)
    .leftJoin(
      registryVersions,
      and(
        eq(registryVersions.packageId, registryPackages.id),
        isNull(registryVersions.unpublishedAt),
        sql`NOT ${held}`,
      ),
    )
    .leftJoin(user, eq(user.id, registryVersions.publisherId))
    .where(eq(registryPackages.name, GIVEN_NAME.full))
    .orderBy(sql`${registryVersions}.rowid`)
    .prepare();
}

const tagged = aliasedTable(registryVersions, 'tagged');

/** SQL for the JSON of `{tag: version}` of a row of registry_packages, in the order of tags. */
const distTagsJson = sql`(SELECT json_group_object(tag, version) FROM (
  SELECT ${registryDistTags.tag} AS tag, ${tagged.version} AS version FROM ${registryDistTags}
  JOIN ${registryVersions} AS tagged ON ${tagged.id} = ${registryDistTags.versionId}
  WHERE ${registryDistTags.packageId} = ${registryPackages.id} ORDER BY 1))`;

/** A course and the requested version. */
export interface FoundManifest {
  package: CourseRow;
  /** Undefined: the course never had such a version. */
  found: { version: string; yanked: string | null; isUnpublished: boolean; manifest: string } | undefined;
}

/** npm's manifest of the version that a number or a dist-tag names, as JSON text. */
export async function findManifest(
  db: Database,
  name: PackageName,
  wanted: string,
  origin: string,
): Promise<FoundManifest | undefined> {
  const row = await manifests(db).get({ ...aroundManifests(name, origin), wanted });
  if (row === undefined) return undefined;
  const { version, yanked, unpublishedAt, manifest, ...course } = row;
  return {
    package: course,
    found: version === null ? undefined : { version, yanked, isUnpublished: unpublishedAt !== null, manifest },
  };
}

const manifests = preparedOnce((db) =>
  db
    .select({
      ...courseColumns,
      version: registryVersions.version,
      yanked: registryVersions.yanked,
      unpublishedAt: registryVersions.unpublishedAt,
      manifest: manifestJson('full', GIVEN_AROUND).as('manifest'),
    })
    .from(registryPackages)
    .leftJoin(registryVersions, eq(registryVersions.id, idNamed(sql.placeholder('wanted'))))
    .leftJoin(user, eq(user.id, registryVersions.publisherId))
    .where(eq(registryPackages.name, GIVEN_NAME.full))
    .prepare(),
);

/** SQL for the id of the version that a number or a dist-tag names, of a row of registry_packages; an unpublished one too. */
function idNamed(wanted: SQLWrapper): SQL {
  return sql`coalesce(
    (SELECT named.id FROM ${registryVersions} AS named
      WHERE named.package_id = ${registryPackages.id} AND named.version = ${wanted}),
    (SELECT ${registryDistTags.versionId} FROM ${registryDistTags}
      WHERE ${registryDistTags.packageId} = ${registryPackages.id} AND ${registryDistTags.tag} = ${wanted}))`;
}
