// Owns reading courses from D1: what each route needs, in one round trip.
import type { PackageName } from '@progy/protocol/package-name.ts';
import type { Maintainer, ManifestRow } from '@progy/protocol/packument.ts';
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { packageIdOf } from './catalogue.ts';
import type { Database } from './database.ts';
import { maintainersOf } from './maintainers.ts';
import { type DocumentForm, manifestJson } from './manifest-json.ts';
import { registryDistTags, registryPackages, registryVersions, user } from './schema.ts';

export type VersionRow = typeof registryVersions.$inferSelect;

/** The catalogue row of a course. */
export type PackageRow = typeof registryPackages.$inferSelect;

/** Selects the catalogue row of a course that has a version left. */
export function packageQuery(db: Database, name: PackageName) {
  return db
    .select()
    .from(registryPackages)
    .where(and(eq(registryPackages.name, name.full), isNotNull(registryPackages.latestVersion)));
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

/** The catalogue row of a course, or undefined; of one whose versions are all unpublished, too. */
export async function findPackage(db: Database, name: PackageName): Promise<PackageRow | undefined> {
  return packageQuery(db, name).get();
}

/** Whether there was a public course of that name, all versions of which are unpublished. */
export async function wasUnpublished(db: Database, name: PackageName): Promise<boolean> {
  const { name: column, latestVersion, isPublic } = registryPackages;
  const row = await db
    .select({ name: column })
    .from(registryPackages)
    .where(and(eq(column, name.full), isNull(latestVersion), isPublic))
    .get();
  return row !== undefined;
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

/** A course, and of its versions the one asked for. */
export interface FoundVersion {
  package: PackageRow;
  /** Undefined: the course has no such version. */
  version: VersionRow | undefined;
}

/** One version of a course by its number; undefined if there is no such course. */
export async function findVersion(db: Database, name: PackageName, version: string): Promise<FoundVersion | undefined> {
  const [packages, versions] = await db.batch([
    packageQuery(db, name),
    db.select().from(registryVersions).where(versionIs(name, version)),
  ]);
  return packages[0] && { package: packages[0], version: versions[0] };
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

/** What `/registry/resolve` says of a version. */
export type VersionSummary = Pick<VersionRow, keyof typeof summaryColumns>;

/** A course with the manifests of its versions as JSON text, in order of publication. */
export interface PackageDocuments extends TaggedPackage {
  manifests: ManifestRow[];
  /** README of the version that `latest` names; only read for the full form. */
  readme: string | null;
  /** Only read for the full form. */
  maintainers: Maintainer[];
}

/** All that a packument is made of, in one round trip. */
export async function findPackument(
  db: Database,
  name: PackageName,
  form: DocumentForm,
  origin: string,
): Promise<PackageDocuments | undefined> {
  const [packages, tags, manifests, details] = await db.batch([
    packageQuery(db, name),
    distTagsQuery(db, name),
    manifestQuery(db, name, form, origin).where(inPackage(name)).orderBy(sql`${registryVersions}.rowid`),
    detailsQuery(db, name, form),
  ]);
  if (packages[0] === undefined) return undefined;
  const maintainers: Maintainer[] = details[0] ? JSON.parse(details[0].maintainers) : [];
  return { package: packages[0], distTags: tagMap(tags), manifests, readme: details[0]?.readme ?? null, maintainers };
}

/** npm's manifest of the version that a number or a dist-tag names, as JSON text. */
export async function findManifest(
  db: Database,
  name: PackageName,
  versionOrTag: string,
  origin: string,
): Promise<{ package: PackageRow; manifest: (ManifestRow & Pick<VersionRow, 'yanked'>) | undefined } | undefined> {
  const [packages, manifests] = await db.batch([
    packageQuery(db, name),
    manifestQuery(db, name, 'full', origin).where(versionNamed(db, name, versionOrTag)),
  ]);
  return packages[0] && { package: packages[0], manifest: manifests[0] };
}

/** npm's manifests, for a condition to be added. */
export function manifestQuery(db: Database, name: PackageName, form: DocumentForm, origin: string) {
  return db
    .select({
      version: registryVersions.version,
      publishedAt: registryVersions.createdAt,
      yanked: registryVersions.yanked,
      manifest: manifestJson(name, form, origin).as('manifest'),
    })
    .from(registryVersions)
    .innerJoin(user, eq(user.id, registryVersions.publisherId))
    .$dynamic();
}

function detailsQuery(db: Database, name: PackageName, form: DocumentForm) {
  return db
    .select({ readme: registryVersions.readme, maintainers: maintainersOf(name).as('maintainers') })
    .from(registryPackages)
    .innerJoin(
      registryVersions,
      and(
        eq(registryVersions.packageId, registryPackages.id),
        eq(registryVersions.version, registryPackages.latestVersion),
      ),
    )
    .where(and(eq(registryPackages.name, name.full), sql`${form === 'full'}`));
}

/** The version of a course that a number or a dist-tag names. */
export function versionNamed(db: Database, name: PackageName, versionOrTag: string) {
  const tagged = db
    .select({ id: registryDistTags.versionId })
    .from(registryDistTags)
    .where(and(eq(registryDistTags.packageId, packageIdOf(name)), eq(registryDistTags.tag, versionOrTag)));
  return and(
    inPackage(name),
    sql`(${registryVersions.version} = ${versionOrTag} OR ${registryVersions.id} = (${tagged}))`,
  );
}

function versionIs(name: PackageName, version: string) {
  return and(inPackage(name), eq(registryVersions.version, version));
}

/** The versions of a course that readers see. */
export function inPackage(name: PackageName) {
  return and(eq(registryVersions.packageId, packageIdOf(name)), isNull(registryVersions.unpublishedAt));
}

/** The row of a version by its number, even if it is unpublished: numbers are never used twice. */
export async function findVersionEver(
  db: Database,
  name: PackageName,
  version: string,
): Promise<VersionRow | undefined> {
  return db
    .select()
    .from(registryVersions)
    .where(and(eq(registryVersions.packageId, packageIdOf(name)), eq(registryVersions.version, version)))
    .get();
}

/** `{tag: version}`. */
export function tagMap(rows: readonly { tag: string; version: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ tag, version }) => [tag, version]));
}
