// Owns what of a version can change after publish: whether it is deprecated, yanked or unpublished, and which tags name it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from '../audit/audit-log.ts';
import { requireRev } from '../course-lock.ts';
import { packageIdOf } from '../courses-by-name.ts';
import { type Database, listOf } from '../database.ts';
import { putDistTag, refreshPackage } from '../package-row.ts';
import { distTagsQuery, inPackage, packageQuery, type TaggedPackage, tagMap, type VersionRow } from '../packages.ts';
import { registryDistTags, registryVersions } from '../schema/tables.ts';

const stateColumns = {
  id: registryVersions.id,
  version: registryVersions.version,
  latestRank: registryVersions.latestRank,
  deprecated: registryVersions.deprecated,
  yanked: registryVersions.yanked,
  createdAt: registryVersions.createdAt,
};

/** A version that readers see, as far as it can change. */
export type VersionState = Pick<VersionRow, keyof typeof stateColumns>;

/** A course with the states of its versions. */
export interface PackageStates extends TaggedPackage {
  name: PackageName;
  versions: VersionState[];
}

export async function findStates(db: Database, name: PackageName): Promise<PackageStates | undefined> {
  const [packages, tags, versions] = await db.batch([
    packageQuery(db, name),
    distTagsQuery(db, name),
    db.select(stateColumns).from(registryVersions).where(inPackage(name)).orderBy(sql`rowid`),
  ]);
  return packages[0] && { name, package: packages[0], distTags: tagMap(tags), versions };
}

/** Versions of a course that get the same new state. */
export interface StateChange {
  ids: readonly string[];
  state: Partial<Pick<VersionRow, 'deprecated' | 'yanked' | 'unpublishedAt'>>;
}

/** Where dist-tags go: to a version, or away. */
export interface TagMove {
  tag: string;
  /** Undefined: the tag is deleted. */
  versionId: string | undefined;
}

/** What one decision changes, with the rows that it leaves in the audit log. */
export interface StatePlan {
  changes: readonly StateChange[];
  moves: readonly TagMove[];
  entries: readonly AuditEntry[];
}

/**
 * Makes plans true in one batch, or none of them.
 * @param seen what they were decided on.
 * @throws D1's error for which `isStale` is true, when the course has changed since.
 */
export async function changeStates(
  db: Database,
  seen: PackageStates,
  plans: readonly StatePlan[],
  now: Date,
): Promise<void> {
  const { name } = seen;
  const [changes, moves, entries] = [
    plans.flatMap((plan) => plan.changes),
    plans.flatMap((plan) => plan.moves),
    plans.flatMap((plan) => plan.entries),
  ];
  await db.batch([
    requireRev(db, name, seen.package.rev),
    ...changes.map(({ ids, state }) =>
      db
        .update(registryVersions)
        .set(state)
        .where(inArray(registryVersions.id, listOf(ids))),
    ),
    ...moves.map((move) => moveTag(db, name, move)),
    refreshPackage(db, name, now),
    ...entries.map((entry) => auditEntry(db, entry)),
  ]);
}

function moveTag(db: Database, name: PackageName, { tag, versionId }: TagMove) {
  if (versionId !== undefined) return putDistTag(db, name, tag, versionId);
  return db
    .delete(registryDistTags)
    .where(and(eq(registryDistTags.packageId, packageIdOf(name)), eq(registryDistTags.tag, tag)));
}
