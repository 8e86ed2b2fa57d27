// Owns keeping a package's row in step with its dist-tags.
import { eq, type SQL, sql } from 'drizzle-orm';
import { type NameInSql, packageIdOf, type TextInSql } from './courses-by-name.ts';
import type { Database } from './database.ts';
import { registryDistTags, registryPackages, registryVersions } from './schema/tables.ts';

/** The changes to a package's visibility. */
export interface Visibility {
  isPrivate?: boolean | SQL;
  isRestricted?: boolean | SQL;
}

/** Part of every batch that changes what readers see: the row follows `latest`, and `rev` grows so that cached copies become stale. */
export function refreshPackage(db: Database, name: NameInSql, now: Date | SQL, changes: Visibility = {}) {
  const latest = (column: SQL) => sql`(SELECT ${column} FROM ${registryDistTags}
    JOIN ${registryVersions} ON ${registryVersions.id} = ${registryDistTags.versionId}
    WHERE ${registryDistTags.packageId} = ${registryPackages.id} AND ${registryDistTags.tag} = 'latest')`;
  return db
    .update(registryPackages)
    .set({
      ...changes,
      isPublic: sql`NOT (${changes.isPrivate ?? registryPackages.isPrivate} OR ${changes.isRestricted ?? registryPackages.isRestricted})`,
      latestVersion: latest(sql`${registryVersions.version}`),
      description: latest(sql`json_extract(${registryVersions.manifest}, '$.description')`),
      rev: sql`${registryPackages.rev} + 1`,
      updatedAt: now,
    })
    .where(eq(registryPackages.name, name.full));
}

/** Sets a dist-tag, new or existing. */
export function putDistTag(db: Database, name: NameInSql, tag: TextInSql, versionId: TextInSql) {
  return db
    .insert(registryDistTags)
    .values({ packageId: packageIdOf(name), tag, versionId })
    .onConflictDoUpdate({
      target: [registryDistTags.packageId, registryDistTags.tag],
      set: { versionId: sql`${versionId}` },
    });
}
