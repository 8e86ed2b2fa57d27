// Owns reading courses from D1, in one round trip for each route.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import { GIVEN_NAME, type NameInSql, packageIdOf, type TextInSql } from './courses-by-name.ts';
import { type Database, preparedOnce } from './database.ts';
import { registryDistTags, registryPackages, registryVersions } from './schema/tables.ts';

/** The texts of a version, which only documents need; the queries for documents read them. */
const { readme, outline, manifest, ...versionColumns } = getTableColumns(registryVersions);

/** A version without its texts. */
export type VersionRow = Omit<typeof registryVersions.$inferSelect, 'readme' | 'outline' | 'manifest'>;

/** The row of a course. */
export type PackageRow = typeof registryPackages.$inferSelect;

/** Selects the row of a course, even one without versions: `latestVersion` is null there. */
export function packageQuery(db: Database, name: NameInSql) {
  return db.select().from(registryPackages).where(eq(registryPackages.name, name.full));
}

/** Selects the dist-tags of a course. */
export function distTagsQuery(db: Database, name: PackageName) {
  return db
    .select({ tag: registryDistTags.tag, version: registryVersions.version })
    .from(registryPackages)
    .innerJoin(registryDistTags, eq(registryDistTags.packageId, registryPackages.id))
    .innerJoin(registryVersions, eq(registryVersions.id, registryDistTags.versionId))
    .where(eq(registryPackages.name, name.full))
    .orderBy(registryDistTags.tag);
}

const packageRow = preparedOnce((db) => packageQuery(db, GIVEN_NAME).prepare());

/** The row of a course; all its versions may be unpublished. */
export async function findPackage(db: Database, { full }: PackageName): Promise<PackageRow | undefined> {
  return packageRow(db).get({ full });
}

/** A course with its dist-tags. */
export interface TaggedPackage {
  package: PackageRow;
  /** `{tag: version}`. */
  distTags: Record<string, string>;
}

export async function findTaggedPackage(db: Database, name: PackageName): Promise<TaggedPackage | undefined> {
  const [packages, tags] = await db.batch([packageQuery(db, name), distTagsQuery(db, name)]);
  return packages[0] && { package: packages[0], distTags: tagMap(tags) };
}

/** A course with all its versions, newest first, for `/registry/resolve`. */
export async function findAllVersions(
  db: Database,
  name: PackageName,
): Promise<(TaggedPackage & { versions: VersionSummary[] }) | undefined> {
  const [packages, tags, versions] = await db.batch([
    packageQuery(db, name),
    distTagsQuery(db, name),
    db.select(summaryColumns).from(registryVersions).where(inPackage(name)).orderBy(desc(sql`rowid`)),
  ]);
  return packages[0] && { package: packages[0], distTags: tagMap(tags), versions };
}

const summaryColumns = {
  version: registryVersions.version,
  checksum: registryVersions.checksum,
  integrity: registryVersions.integrity,
  sizeBytes: registryVersions.sizeBytes,
  tarballSize: registryVersions.tarballSize,
  unpackedSize: registryVersions.unpackedSize,
  fileCount: registryVersions.fileCount,
  tree: registryVersions.tree,
  changelog: registryVersions.changelog,
  deprecated: registryVersions.deprecated,
  yanked: registryVersions.yanked,
  createdAt: registryVersions.createdAt,
};

/** A version as `/registry/resolve` shows it. */
export type VersionSummary = Pick<VersionRow, keyof typeof summaryColumns>;

/** The versions of a course that readers see. */
export function inPackage(name: PackageName) {
  return and(eq(registryVersions.packageId, packageIdOf(name)), isNull(registryVersions.unpublishedAt));
}

/** The row of a version by its number, even if it is unpublished: numbers are never reused. */
export async function findVersionEver(
  db: Database,
  name: PackageName,
  version: string,
): Promise<VersionRow | undefined> {
  return versionEverQuery(db, name, version).get();
}

/** Selects what {@link findVersionEver} finds. */
export function versionEverQuery(db: Database, name: NameInSql, version: TextInSql) {
  return db
    .select(versionColumns)
    .from(registryVersions)
    .where(and(eq(registryVersions.packageId, packageIdOf(name)), eq(registryVersions.version, version)));
}

/** `{tag: version}`. */
export function tagMap(rows: readonly { tag: string; version: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ tag, version }) => [tag, version]));
}
