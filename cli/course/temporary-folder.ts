// Owns folders that live as long as one piece of work, and those that a killed run left behind.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../process-mark.ts';

/** Names say which machine and which process made a folder: a home on a network drive is shared by several machines. */
const PREFIX = `.progy-tmp-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`;

/** Gives the work a new empty folder inside `parent` and removes it afterwards, whatever happens. */
export async function withTemporaryFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await removeAbandoned(parent);
  const folder = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Name of a file that keeps a folder from being removed by others: something in it is still needed. */
export const STILL_NEEDED = 'still-needed.json';

/** Folders in `parent` that runs on this machine left when they were killed: absolute paths. */
export async function abandonedFolders(parent: string): Promise<string[]> {
  const names = (await readdir(parent)).filter((name) => {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    return pid > 0 && !isAlive(pid);
  });
  return names.map((name) => join(parent, name));
}

/** The folder of `withTemporaryFolder` around a path, if it is in one. */
export function temporaryFolderAround(path: string): string | undefined {
  if (basename(path).startsWith(PREFIX)) return path;
  const parent = dirname(path);
  return parent === path ? undefined : temporaryFolderAround(parent);
}

/** A run that was killed could not tidy up. What cannot be removed is not ours, and stays. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const folder of await abandonedFolders(parent)) {
    if (!existsSync(join(folder, STILL_NEEDED))) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
