// Owns bringing D1 on disk up to date: by a copy for a new state, by wrangler for one that is behind.
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../../env.ts';
import { builtOnce } from './built-once.ts';
import { ROOT, wrangler } from './wrangler.ts';

/** What the tables of a new state are made from. */
export const STATE_SOURCES = [
  'migrations',
  'registry/local/build',
  'wrangler.toml',
  'node_modules/.package-lock.json',
  'package-lock.json',
];
/** The folder of a state that D1 and R2 live in; so wrangler's own local commands look for them there. */
export const STORES = 'v3';

/** Gives a state that has none its stores, with every table and no row. */
export async function openState(state: string): Promise<void> {
  if (await isNew(state))
    await copyState(await builtOnce({ name: 'state', sources: STATE_SOURCES, build: migrate }), state);
}

/** Whether nothing was ever kept in it. */
export async function isNew(state: string): Promise<boolean> {
  return readdir(join(state, STORES)).then(
    () => false,
    () => true,
  );
}

/** Copies what a folder holds into a state; the stores come last and at once, so that half a copy is none. */
export async function copyState(from: string, state: string): Promise<void> {
  const stores = join(state, `${STORES}.copying`);
  await rm(stores, { recursive: true, force: true });
  await mkdir(state, { recursive: true });
  for (const name of await readdir(from)) {
    await cp(join(from, name), name === STORES ? stores : join(state, name), { recursive: true });
  }
  await rename(stores, join(state, STORES));
}

/** Whether a migration was not applied yet. */
export async function isBehind(database: Env['DB']): Promise<boolean> {
  const names = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql'));
  const table = await database.prepare("SELECT name FROM sqlite_schema WHERE name = 'd1_migrations'").first();
  if (table === null) return true;
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  return names.some((name) => !applied.has(name));
}

/** Applies the migrations that are missing. Nothing may run on the state. */
export async function migrate(state: string): Promise<void> {
  await wrangler(['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state]);
}
