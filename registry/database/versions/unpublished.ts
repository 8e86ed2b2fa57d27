// Owns the remains of unpublished versions: bytes for a while, then a row that keeps the number used.
import { aliasedTable, and, eq, inArray, isNull, lt, notExists, or, sql } from 'drizzle-orm';
import { type Database, listOf } from '../database.ts';
import { registryVersions } from '../schema/tables.ts';

/** A version whose bytes may be deleted, and where they are. */
export interface Unswept {
  id: string;
  storageKey: string;
  tarballKey: string;
}

/** Versions unpublished before `before` whose bytes are still there, oldest first; none that shares objects with a version that readers see. */
export async function findUnswept(db: Database, before: Date, limit: number): Promise<Unswept[]> {
  const { id, storageKey, tarballKey, unpublishedAt, sweptAt } = registryVersions;
  const live = aliasedTable(registryVersions, 'live');
  const sameKey = or(eq(live.storageKey, storageKey), eq(live.tarballKey, tarballKey));
  const stillNamed = db
    .select({ one: sql`1` })
    .from(live)
    .where(and(isNull(live.unpublishedAt), sameKey));
  return db
    .select({ id, storageKey, tarballKey })
    .from(registryVersions)
    .where(and(lt(unpublishedAt, before), isNull(sweptAt), notExists(stillNamed)))
    .orderBy(unpublishedAt)
    .limit(limit);
}

/** Records that the bytes of versions are deleted. Deletes their texts too, which may be the reason for unpublishing. */
export async function markSwept(db: Database, ids: readonly string[], now: Date): Promise<void> {
  const among = inArray(registryVersions.id, listOf(ids));
  await db.update(registryVersions).set({ sweptAt: now, readme: null, outline: null, changelog: null }).where(among);
}
