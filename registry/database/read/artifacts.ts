// Owns reading from D1 where the bytes of a version are, and the hashes that verify them.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, eq, sql } from 'drizzle-orm';
import { GIVEN_NAME } from '../courses-by-name.ts';
import { type Database, preparedOnce } from '../database.ts';
import { registryPackages, registryVersions } from '../schema/tables.ts';

const artifacts = preparedOnce((db) =>
  db
    .select({
      package: {
        id: registryPackages.id,
        isPublic: registryPackages.isPublic,
        latestVersion: registryPackages.latestVersion,
      },
      version: {
        id: registryVersions.id,
        version: registryVersions.version,
        storageKey: registryVersions.storageKey,
        sizeBytes: registryVersions.sizeBytes,
        checksum: registryVersions.checksum,
        tarballKey: registryVersions.tarballKey,
        tarballSize: registryVersions.tarballSize,
        shasum: registryVersions.shasum,
        yanked: registryVersions.yanked,
        unpublishedAt: registryVersions.unpublishedAt,
      },
    })
    .from(registryPackages)
    .leftJoin(
      registryVersions,
      and(
        eq(registryVersions.packageId, registryPackages.id),
        eq(registryVersions.version, sql.placeholder('version')),
      ),
    )
    .where(eq(registryPackages.name, GIVEN_NAME.full))
    .prepare(),
);

/** A course and the requested version: null if it never existed; it may be unpublished. */
export type FoundVersion = Awaited<ReturnType<ReturnType<typeof artifacts>['all']>>[number];

/** One version of a course by its number; undefined if the course does not exist. */
export async function findVersion(
  db: Database,
  { full }: PackageName,
  version: string,
): Promise<FoundVersion | undefined> {
  return artifacts(db).get({ full, version });
}
