// Owns reading from D1 everything that a person may want to know about a course before starting it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { ManifestRow } from '@progy/protocol/wire/packument.ts';
import { and, desc, eq, sql } from 'drizzle-orm';
import { packageIdOf } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import { distTagsQuery, inPackage, packageQuery, type TaggedPackage, tagMap, type VersionRow } from '../packages.ts';
import { registryDistTags, registryPackages, registryVersions, user } from '../schema/tables.ts';
import { daysAgo, recentDownloads } from './downloads.ts';
import { aroundManifests, manifestJson } from './manifest-json.ts';

const lineColumns = {
  version: registryVersions.version,
  createdAt: registryVersions.createdAt,
  deprecated: registryVersions.deprecated,
  yanked: registryVersions.yanked,
};

/** An entry in the list of versions. */
export type VersionLine = Pick<VersionRow, keyof typeof lineColumns>;

export interface CourseInfoRows extends TaggedPackage {
  /** Newest publication first. */
  versions: VersionLine[];
  /** The requested version; undefined if the course has no such version. */
  chosen: (ManifestRow & { outline: string | null }) | undefined;
  downloads: { weekly: number; monthly: number };
}

/** A course, the list of its versions, and the one that a number or dist-tag names, in one round trip. */
export async function findCourseInfo(
  db: Database,
  name: PackageName,
  versionOrTag: string,
  { origin, now }: { origin: string; now: Date },
): Promise<CourseInfoRows | undefined> {
  const named = versionNamed(db, name, versionOrTag);
  const [packages, tags, versions, manifests, outlines, downloads] = await db.batch([
    packageQuery(db, name),
    distTagsQuery(db, name),
    db.select(lineColumns).from(registryVersions).where(inPackage(name)).orderBy(desc(sql`rowid`)),
    manifestQuery(db, name, origin).where(named),
    db.select({ outline: registryVersions.outline }).from(registryVersions).where(named),
    downloadsQuery(db, name, now),
  ]);
  if (packages[0] === undefined) return undefined;
  return {
    package: packages[0],
    distTags: tagMap(tags),
    versions,
    chosen: manifests[0] && { ...manifests[0], outline: outlines[0]?.outline ?? null },
    downloads: downloads[0] ?? { weekly: 0, monthly: 0 },
  };
}

function downloadsQuery(db: Database, name: PackageName, now: Date) {
  const id = packageIdOf(name);
  return db
    .select({
      weekly: recentDownloads(id, daysAgo(7, now)).as('weekly'),
      monthly: recentDownloads(id, daysAgo(30, now)).as('monthly'),
    })
    .from(registryPackages)
    .where(eq(registryPackages.name, name.full));
}

function manifestQuery(db: Database, name: PackageName, origin: string) {
  return db
    .select({
      version: registryVersions.version,
      publishedAt: registryVersions.createdAt,
      manifest: manifestJson('full', aroundManifests(name, origin)).as('manifest'),
    })
    .from(registryVersions)
    .innerJoin(user, eq(user.id, registryVersions.publisherId))
    .$dynamic();
}

/**
 * The version of a course that a number or a dist-tag names; no tag looks like a number. Resolved to one number first:
 * with `OR`, SQLite would read the whole table.
 */
function versionNamed(db: Database, name: PackageName, versionOrTag: string) {
  const tagged = db
    .select({ version: registryVersions.version })
    .from(registryDistTags)
    .innerJoin(registryVersions, eq(registryVersions.id, registryDistTags.versionId))
    .where(and(eq(registryDistTags.packageId, packageIdOf(name)), eq(registryDistTags.tag, versionOrTag)));
  return and(inPackage(name), sql`${registryVersions.version} = coalesce((${tagged}), ${versionOrTag})`);
}
