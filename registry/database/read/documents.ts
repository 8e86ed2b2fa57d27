// Owns reading npm's documents from D1: the manifests that SQLite prints, and what stands around them in a packument.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Maintainer, ManifestRow } from '@progy/protocol/wire/packument.ts';
import { and, eq, sql } from 'drizzle-orm';
import { packageIdOf } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import {
  distTagsQuery,
  inPackage,
  type PackageRow,
  packageQuery,
  type TaggedPackage,
  tagMap,
  type VersionRow,
} from '../packages.ts';
import { maintainersOf } from '../people/maintainers.ts';
import { registryDistTags, registryPackages, registryVersions, user } from '../schema/tables.ts';
import { type DocumentForm, manifestJson } from './manifest-json.ts';

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

/**
 * The version of a course that a number or a dist-tag names; no tag is spelt like a number. Settled to one number first:
 * with `OR`, SQLite reads the whole table.
 */
export function versionNamed(db: Database, name: PackageName, versionOrTag: string) {
  const tagged = db
    .select({ version: registryVersions.version })
    .from(registryDistTags)
    .innerJoin(registryVersions, eq(registryVersions.id, registryDistTags.versionId))
    .where(and(eq(registryDistTags.packageId, packageIdOf(name)), eq(registryDistTags.tag, versionOrTag)));
  return and(inPackage(name), sql`${registryVersions.version} = coalesce((${tagged}), ${versionOrTag})`);
}
