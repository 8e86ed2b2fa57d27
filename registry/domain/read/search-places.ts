// Owns keeping the most installed courses first in the search indexes, a bounded number of moves at a time.
import type { RegistryContext } from '../../context.ts';
import { moveDueCourses } from '../../database/read/search-places.ts';

/** A move takes a millisecond or two, and requests should not wait for many of them. */
const MOVES_AT_ONCE = 25;
/** Of 100,000 courses that are all installed steadily, 280 are due in an hour. */
const MOVES_A_RUN = 1_000;

/** Moves courses to the places that their downloads earn, up to a limit; the next run continues. @returns the number moved. */
export async function moveCoursesInSearch({ db }: RegistryContext): Promise<number> {
  let moved = 0;
  while (moved < MOVES_A_RUN) {
    const now = await moveDueCourses(db, MOVES_AT_ONCE);
    moved += now;
    if (now < MOVES_AT_ONCE) break;
  }
  return moved;
}
