// Owns inspecting the state of a registry that `npm start` runs: its D1 and R2 on disk, and blocking writes to them.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Signature } from '@progy/protocol/wire/signature.ts';

/** The two that a state folder holds. The simulator of R2 keeps its index in SQLite too. */
export type Store = 'd1' | 'r2';

const DATABASE_FILE = /[0-9a-f]{64}\.sqlite$/;
const LOCK_TIMEOUT_MS = 10_000;
const POLL_MS = 5;

/** The file of a store, or undefined before its first use. */
function databaseFile(state: string, store: Store): string | undefined {
  const folder = join(state, 'v3', store);
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => DATABASE_FILE.test(name));
  return file && join(folder, file);
}

/** A store, to be written to. @throws {Error} before its first use. */
function openStore(state: string, store: Store): DatabaseSync {
  const file = databaseFile(state, store);
  if (file === undefined) throw new Error(`${store} was not used yet`);
  return new DatabaseSync(file, { timeout: LOCK_TIMEOUT_MS });
}

function texts(state: string, store: Store, sql: string): string[] {
  const file = databaseFile(state, store);
  if (file === undefined) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: LOCK_TIMEOUT_MS });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]));
  } finally {
    database.close();
  }
}

/** Ids of publishes that are running or died. */
export function attempts(state: string): string[] {
  return texts(state, 'd1', 'SELECT id FROM registry_publish_attempts');
}

/** Keys of the objects that versions name, in order. */
export function namedKeys(state: string): string[] {
  return texts(
    state,
    'd1',
    'SELECT storage_key AS key FROM registry_versions UNION SELECT tarball_key FROM registry_versions ORDER BY key',
  );
}

/** Makes the versions of a course look as if they were published that many hours ago. */
export function ageVersions(state: string, name: string, hours: number): void {
  const database = openStore(state, 'd1');
  database
    .prepare(
      `UPDATE registry_versions SET created_at = created_at - ?
       WHERE package_id = (SELECT id FROM registry_packages WHERE name = ?)`,
    )
    .run(hours * 3600, name);
  database.close();
}

/** Gives the versions of a course another signature, or none. Clients' copies become stale. */
export function setSignature(state: string, name: string, signature: Signature | undefined): void {
  const database = openStore(state, 'd1');
  database
    .prepare(
      `UPDATE registry_versions SET signature_keyid = ?, signature = ?
       WHERE package_id = (SELECT id FROM registry_packages WHERE name = ?)`,
    )
    .run(signature?.keyid ?? null, signature?.sig ?? null, name);
  database.prepare('UPDATE registry_packages SET rev = rev + 1 WHERE name = ?').run(name);
  database.close();
}

/** Keys of all objects in the bucket, in order, without those that the cron keeps of progy itself. */
export function storedKeys(state: string): string[] {
  return texts(state, 'r2', "SELECT key FROM _mf_objects WHERE key NOT LIKE 'clients/%' ORDER BY key");
}

/** Files that hold bytes: of objects, of parts, and of what is just being written. */
export function blobFiles(state: string): string[] {
  return readdirSync(join(state, 'v3', 'r2'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('/blobs/'),
  );
}

/** Keys of the multipart uploads that were neither completed nor aborted. */
export function openUploads(state: string): string[] {
  return texts(state, 'r2', 'SELECT key FROM _mf_multipart_uploads WHERE state = 0');
}

/** Makes every write to a store fail, as if it were down, until the returned function is called. Reads still work. */
export function lock(state: string, store: Store): () => void {
  const database = openStore(state, store);
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}

/** Resolves once `check` is true. Limited by the test's timeout. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(POLL_MS);
}
