// Owns moving courses in D1's full-text indexes to the places that their downloads earn.
import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { registrySearchPlaces as places } from '../schema/tables.ts';

/**
 * Moves courses whose downloads have grown past their places.
 * @param limit moves at most: the database does nothing else meanwhile.
 * @returns the number of courses moved.
 */
export async function moveDueCourses(db: Database, limit: number): Promise<number> {
  const due = sql`(SELECT ${places.place} FROM ${places} WHERE ${places.isDue} = 1 LIMIT ${limit})`;
  const shelfEnd = sql`(SELECT shelf_end FROM registry_listable_courses AS course WHERE course.package_id = ${places.packageId})`;
  const moved = await db
    .update(places)
    .set({ place: sql`${shelfEnd} - ${places.number}`, isDue: false })
    .where(sql`${places.place} IN ${due}`)
    .returning({ place: places.place });
  return moved.length;
}
