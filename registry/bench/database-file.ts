// Owns writing to local D1's SQLite file: a hundred thousand uploads would take hours and test nothing more.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Run } from './load-catalogue.ts';

/**
 * Runs `load` on the database of a registry.
 * @param state the registry's folder.
 */
export async function writeToDatabase(state: string, load: (run: Run) => Promise<void>): Promise<void> {
  const database = new DatabaseSync(fileIn(join(state, 'v3', 'd1')), { timeout: 60_000 });
  database.exec('PRAGMA synchronous = OFF');
  try {
    await load(async (loads) => {
      database.exec('BEGIN IMMEDIATE');
      for (const { sql, rows } of loads) database.prepare(sql).run(rows);
      database.exec('COMMIT');
    });
  } finally {
    database.close();
  }
}

function fileIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => /[0-9a-f]{64}\.sqlite$/.test(name));
  if (file === undefined) throw new Error(`There is no database in ${folder}`);
  return join(folder, file);
}
