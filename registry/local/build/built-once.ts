// Owns what is built once for each content of the files it is made from, however many processes ask for it.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './wrangler.ts';

const CACHE = join(ROOT, 'node_modules/.cache/progy-registry');
/** Of what npm installed, the lockfiles tell. */
const INSTALLED = 'node_modules';
/** Folders that are no part of what they lie in; a recipe may name one of them. */
export const LEFT_OUT: readonly string[] = [
  'registry/local',
  'registry/bench',
  'registry/test',
  'protocol/test',
  'cli/test',
  'cli/dist',
];
/** Builds that are kept, whatever their age. */
const KEPT = 12;
/** Milliseconds in which whoever was handed a build has read it. */
const IN_USE = 10 * 60_000;
/** Milliseconds after which somebody else's build is no longer waited for. */
const PATIENCE = 60_000;
const POLL = 50;

export interface Recipe {
  /** What it is; its folders are named after it. */
  name: string;
  /** Files and folders of the repository that it is made from. One that is not there counts as such. */
  sources: readonly string[];
  /** Whatever else it depends on. */
  also?: string;
  /** Fills the folder. */
  build(folder: string): Promise<void>;
}

/**
 * Answers the folder with what the sources make as they are now. It is built if no process has built it before; a folder
 * of that name is complete, because only a finished build gets the name. It is to be read at once, and never written to.
 * @throws {Error} what building throws.
 */
export async function builtOnce(recipe: Recipe): Promise<string> {
  const folder = await folderOf(recipe);
  await mkdir(CACHE, { recursive: true });
  while (!(await isThere(folder))) {
    const unlock = await lock(folder);
    try {
      if (!(await isThere(folder))) await buildInto(folder, recipe);
    } finally {
      await unlock();
    }
    // Somebody saved a file meanwhile.
    if (folder !== (await folderOf(recipe))) return builtOnce(recipe);
  }
  return folder;
}

async function folderOf({ name, sources, also = '' }: Recipe): Promise<string> {
  return join(CACHE, `${name}-${await contentHash(sources, also)}`);
}

/** Differs as soon as a file among the sources does. */
export async function contentHash(sources: readonly string[], also = ''): Promise<string> {
  const hash = createHash('sha256').update(also);
  for (const source of sources) hash.update(JSON.stringify([source, await digest(source)]));
  return hash.digest('hex').slice(0, 24);
}

/** Of a file its hash; of a folder all that is in it, by name; null of what is not there. */
async function digest(path: string): Promise<unknown> {
  try {
    return createHash('sha256')
      .update(await readFile(join(ROOT, path)))
      .digest('hex');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code !== 'EISDIR') throw error;
  }
  const names = (await readdir(join(ROOT, path))).filter((name) => name !== INSTALLED).sort();
  const paths = names.map((name) => `${path}/${name}`).filter((path) => !LEFT_OUT.includes(path));
  return Promise.all(paths.map(async (path) => [path, await digest(path)]));
}

/** Marks it as used now. */
async function isThere(folder: string): Promise<boolean> {
  const now = new Date();
  return utimes(folder, now, now).then(
    () => true,
    () => false,
  );
}

/** Moves what was built to its place, unless the sources changed under it or another process was faster. */
async function buildInto(folder: string, recipe: Recipe): Promise<void> {
  const attempt = `${folder}.${process.pid}.building`;
  await mkdir(attempt, { recursive: true });
  try {
    await recipe.build(attempt);
    if (folder === (await folderOf(recipe))) await rename(attempt, folder).catch(unlessThere(folder));
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
  await prune();
}

function unlessThere(folder: string) {
  return async (error: unknown): Promise<void> => {
    if (!(await isThere(folder))) throw error;
  };
}

/**
 * Spares processes that want the same thing the work of building it twice; who gets past a lock all the same builds
 * something that is as good.
 */
async function lock(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  const end = Date.now() + PATIENCE;
  while (!(await writeFile(file, `${process.pid}`, { flag: 'wx' }).then(() => true, unlessTaken))) {
    if (Date.now() > end || !(await isHeld(file))) await rm(file, { force: true });
    else await delay(POLL);
  }
  return () => rm(file, { force: true });
}

function unlessTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

/** Whether the process that made the lock lives. One that was just made, or just removed, counts as held. */
async function isHeld(file: string): Promise<boolean> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Every saved file makes another build: removes those that were used least lately. */
async function prune(): Promise<void> {
  const names = await readdir(CACHE);
  const builds = await Promise.all(names.map(async (name) => ({ path: join(CACHE, name), used: await lastUse(name) })));
  const stale = builds.sort((a, b) => b.used - a.used).filter(({ used }, i) => i >= KEPT && Date.now() - used > IN_USE);
  await Promise.all(stale.map(({ path }) => rm(path, { recursive: true, force: true })));
}

async function lastUse(name: string): Promise<number> {
  return stat(join(CACHE, name)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
