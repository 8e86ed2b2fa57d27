// Owns listening at the seam to D1: the same binding, which tells each statement that is prepared on it.
import type { D1Database } from '@cloudflare/workers-types';

/** drizzle calls these two; its batches are of statements that were prepared. */
export function recorded(d1: D1Database, tell: (statement: string) => void): D1Database {
  const prepare = (statement: string) => {
    tell(statement);
    return d1.prepare(statement);
  };
  return Object.assign(Object.create(d1), { prepare, batch: d1.batch.bind(d1) });
}
