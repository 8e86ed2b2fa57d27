// Owns bringing D1 on disk up to date: by a copy for a new state, by wrangler for one that is behind.
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../../env.ts';
import { builtOnce } from './built-once.ts';
import { ROOT, wrangler } from './wrangler.ts';

/** Sources of the tables of a new state. */
export const STATE_SOURCES = [
  'migrations',
  'registry/local/build',
  'wrangler.toml',
  'node_modules/.package-lock.json',
  'package-lock.json',
];
/** The folder of a state with D1 and R2, where wrangler's local commands look for them. */
export const STORES = 'v3';

/** Creates the stores of a new state, with every table and no rows. */
export async function openState(state: string): Promise<void> {
  if (await isNew(state))
    await copyState(await builtOnce({ name: 'state', sources: STATE_SOURCES, build: migrate }), state);
}

/** Whether nothing was ever stored in it. */
export async function isNew(state: string): Promise<boolean> {
  return readdir(join(state, STORES)).then(
    () => false,
    () => true,
  );
}

/** Copies a folder's content into a state; the stores come last, in one step, so that a partial copy does not count. */
export async function copyState(from: string, state: string): Promise<void> {
  const stores = join(state, `${STORES}.copying`);
  await rm(stores, { recursive: true, force: true });
  await mkdir(state, { recursive: true });
  for (const name of await readdir(from)) {
    await cp(join(from, name), name === STORES ? stores : join(state, name), { recursive: true });
  }
  await rename(stores, join(state, STORES));
}

/** Whether a migration is missing. */
export async function isBehind(database: Env['DB']): Promise<boolean> {
  const names = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql'));
  const table = await database.prepare("SELECT name FROM sqlite_schema WHERE name = 'd1_migrations'").first();
  if (table === null) return true;
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  return names.some((name) => !applied.has(name));
}

/** Applies the missing migrations. Nothing may run on the state meanwhile. */
export async function migrate(state: string): Promise<void> {
  await wrangler(['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state]);
}
