// Owns the optimistic lock on a course: a batch that begins with it changes nothing if somebody else has changed the course.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { eq, sql } from 'drizzle-orm';
import { type Database, isNullViolation } from './database.ts';
import { registryPackages } from './schema/tables.ts';

/**
 * First statement of a batch that was planned from the course at `rev`. If the rev has changed, it sets NULL where the
 * schema requires a number, which aborts the whole batch: of two writers who read the same rev, one wins.
 */
export function requireRev(db: Database, name: PackageName, rev: number) {
  const held = sql`CASE WHEN ${registryPackages.rev} = ${rev} THEN ${registryPackages.rev} END`;
  return db.update(registryPackages).set({ rev: held }).where(eq(registryPackages.name, name.full));
}

/** True if a batch failed at {@link requireRev}. */
export function isStale(error: unknown): boolean {
  return isNullViolation(error, 'registry_packages.rev');
}
