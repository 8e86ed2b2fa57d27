// Owns opening D1 with the schema and telling its failures apart.
import type { D1Database } from '@cloudflare/workers-types';
import { type SQL, sql } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import * as schema from './schema/tables.ts';

export type Database = DrizzleD1Database<typeof schema> & { $client: D1Database };

export function openDatabase(d1: D1Database): Database {
  return drizzle(d1, { schema });
}

/**
 * Statements that are prepared once for each open database: drizzle takes longer to print one than SQLite to run it.
 * @param prepare prepares them, with placeholders for what differs between calls.
 */
export function preparedOnce<T>(prepare: (db: Database) => T): (db: Database) => T {
  const made = new WeakMap<Database, T>();
  return (db) => {
    const before = made.get(db);
    if (before !== undefined) return before;
    const statements = prepare(db);
    made.set(db, statements);
    return statements;
  };
}

/** SQL for a list, as one parameter of any length: D1 allows a hundred parameters in a statement. */
export function listOf(texts: readonly string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(texts)}))`;
}

/** True if a statement or batch failed because of a UNIQUE constraint on `column` (`table`, or `table.column`). */
export function isUniqueViolation(error: unknown, column: string): boolean {
  return messagesOf(error).some((message) => message.includes('UNIQUE constraint failed') && message.includes(column));
}

/** True if a statement or batch failed because of the CHECK constraint of that name. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return messagesOf(error).some(
    (message) => message.includes('CHECK constraint failed') && message.includes(constraint),
  );
}

/** True if a statement or batch failed because it put NULL into `column` (`table.column`), which the schema forbids. */
export function isNullViolation(error: unknown, column: string): boolean {
  return messagesOf(error).some((message) => message.includes(`NOT NULL constraint failed: ${column}`));
}

/** True if D1 could not be reached or was locked: the same statement may soon succeed. */
export function isBusy(error: unknown): boolean {
  return messagesOf(error).some((message) =>
    /SQLITE_BUSY|database is locked|D1 DB is overloaded|Network connection lost|D1_ERROR: .*timed? ?out/i.test(message),
  );
}

/** drizzle wraps D1's error as a cause, sometimes twice. */
export function messagesOf(error: unknown): string[] {
  const messages: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) messages.push(current.message);
  return messages;
}
