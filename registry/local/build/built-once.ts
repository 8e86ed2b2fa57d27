// Owns builds that are made once for each state of their sources, however many processes need them.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './wrangler.ts';

const CACHE = join(ROOT, 'node_modules/.cache/progy-registry');
/** The lockfiles stand for what npm installed. */
const INSTALLED = 'node_modules';
/** Folders that do not count as part of their parent; a recipe may name one of them itself. */
export const LEFT_OUT: readonly string[] = [
  'registry/local',
  'registry/bench',
  'registry/test',
  'protocol/test',
  'cli/test',
  'cli/dist',
  'cli/THIRD-PARTY-NOTICES.md',
];
/** Number of builds kept, whatever their age. */
const KEPT = 12;
/** Milliseconds within which a caller has read its build. */
const IN_USE = 10 * 60_000;
/** Milliseconds to wait for a build of another process. */
const PATIENCE = 60_000;
const POLL = 50;

export interface Recipe {
  /** Name of the build and of its folders. */
  name: string;
  /** Files and folders of the repository that it is made from. A missing one counts as missing. */
  sources: readonly string[];
  /** Everything else it depends on. */
  also?: string;
  /** Fills the folder. */
  build(folder: string): Promise<void>;
}

/**
 * The folder with the build of the current sources, built unless a process has already done so; a folder of that name is
 * complete, because only a finished build gets the name. Read it at once, and never write to it.
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
    // A source changed meanwhile.
    if (folder !== (await folderOf(recipe))) return builtOnce(recipe);
  }
  return folder;
}

async function folderOf({ name, sources, also = '' }: Recipe): Promise<string> {
  return join(CACHE, `${name}-${await contentHash(sources, also)}`);
}

/** Differs if any source file does. */
export async function contentHash(sources: readonly string[], also = ''): Promise<string> {
  const hash = createHash('sha256').update(also);
  for (const source of sources) hash.update(JSON.stringify([source, await digest(source)]));
  return hash.digest('hex').slice(0, 24);
}

/** The hash of a file; all entries of a folder, by name; null for what does not exist. */
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

/** Moves a finished build to its place, unless the sources changed meanwhile or another process was faster. */
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
 * Keeps processes from building the same thing twice; one that gets past a lock anyway builds an equally good result.
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

/** Whether the process that made the lock is alive. A lock that was just made, or just removed, counts as held. */
async function isHeld(file: string): Promise<boolean> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Every saved file causes another build: removes the least recently used. */
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
