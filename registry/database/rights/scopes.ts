// Owns finding a held scope in D1 that looks like another.
import { eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { registryScopes, skeletonOf } from '../schema/tables.ts';

/** The held scope with this name, or one that looks like it; undefined if there is none. */
export async function findLookalike(db: Database, name: string): Promise<string | undefined> {
  const row = await db
    .select({ name: registryScopes.name })
    .from(registryScopes)
    .where(eq(registryScopes.skeleton, skeletonOf(name)))
    .get();
  return row?.name;
}
