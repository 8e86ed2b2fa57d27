// Owns the parts of a version that can change after publish: whether it is deprecated, yanked or unpublished, and which tags name it.
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

/** The changeable state of a version that readers see. */
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

/** Moves of dist-tags: to a version, or deleted. */
export interface TagMove {
  tag: string;
  /** Undefined: the tag is deleted. */
  versionId: string | undefined;
}

/** The changes of one decision, with its rows in the audit log. */
export interface StatePlan {
  changes: readonly StateChange[];
  moves: readonly TagMove[];
  entries: readonly AuditEntry[];
}

/**
 * Carries out plans in one batch, all or nothing.
 * @param seen the state that they were planned from.
 * @throws D1's error for which `isStale` is true, if the course has changed since.
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
