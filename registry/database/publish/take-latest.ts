// Owns how a publish moves `latest`, as SQL: the commit decides by the state at that moment, even if others publish meanwhile.
import { sql } from 'drizzle-orm';
import { type NameInSql, packageIdOf, type TextInSql } from '../courses-by-name.ts';
import type { Database } from '../database.ts';
import { registryDistTags, registryVersions } from '../schema/tables.ts';

/**
 * Points `latest` at a version if the rule says so. The rule is `takesLatest` in `domain/versions/latest.ts`; one table
 * of cases tests both.
 */
export function takeLatest(
  db: Database,
  name: NameInSql,
  version: { id: TextInSql; latestRank: TextInSql },
  asksForLatest: boolean,
) {
  const rank = sql`(SELECT iif(${registryVersions.yanked} IS NULL, ${registryVersions.latestRank}, '')
    FROM ${registryVersions} WHERE ${registryVersions.id} = ${registryDistTags.versionId})`;
  return db
    .insert(registryDistTags)
    .values({ packageId: packageIdOf(name), tag: 'latest', versionId: version.id })
    .onConflictDoUpdate({
      target: [registryDistTags.packageId, registryDistTags.tag],
      set: { versionId: sql`${version.id}` },
      setWhere: asksForLatest ? sql`${version.latestRank} > ${rank}` : sql`${rank} = ''`,
    });
}
