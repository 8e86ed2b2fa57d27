// Owns asking D1 whether somebody holds a scope that looks like another.
import { eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { registryScopes, skeletonOf } from '../schema/tables.ts';

/** The scope that has this name, or one that looks like it; undefined if nobody has. */
export async function findLookalike(db: Database, name: string): Promise<string | undefined> {
  const row = await db
    .select({ name: registryScopes.name })
    .from(registryScopes)
    .where(eq(registryScopes.skeleton, skeletonOf(name)))
    .get();
  return row?.name;
}
