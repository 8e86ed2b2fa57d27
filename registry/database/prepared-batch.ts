// Owns batches whose statements are printed once for each open database, and filled in for each call.
import { fillPlaceholders, type Placeholder, type Query, sql } from 'drizzle-orm';
import { type Database, preparedOnce } from './database.ts';

/** A statement of drizzle, with placeholders for what differs between calls. */
interface Preparable {
  readonly _: { readonly result: unknown };
  prepare(): { getQuery(): Query; mapResult(answer: unknown, isFromBatch?: boolean): unknown };
}

type Results<T extends readonly Preparable[]> = { -readonly [I in keyof T]: T[I]['_']['result'] };

/**
 * A batch that is printed once: drizzle takes longer to print one than SQLite to run it.
 * @param make its statements.
 * @returns runs it with values for the placeholders; throws what D1 throws.
 */
export function preparedBatch<T extends readonly Preparable[]>(make: (db: Database) => readonly [...T]) {
  const printed = preparedOnce((db) => make(db).map((statement) => print(db, statement)));
  return async (db: Database, given: Record<string, unknown>): Promise<Results<T>> => {
    const statements = printed(db);
    const filled = statements.map(({ statement, params }) => statement.bind(...fillPlaceholders(params, given)));
    const answers = await db.$client.batch(filled);
    return answers.map((answer, i) => statements[i]?.mapResult(answer)) as Results<T>;
  };
}

function print(db: Database, preparable: Preparable) {
  const prepared = preparable.prepare();
  const { sql, params } = prepared.getQuery();
  const mapResult = (answer: unknown) => prepared.mapResult(answer, true);
  return { statement: db.$client.prepare(sql), params, mapResult };
}

/** A placeholder for each name. */
export function placeholders<N extends string>(names: readonly N[]): Record<N, Placeholder> {
  return Object.fromEntries(names.map((name): [N, Placeholder] => [name, sql.placeholder(name)])) as Record<
    N,
    Placeholder
  >;
}
