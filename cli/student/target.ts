// Owns the target folder of a course: checking that it is free, and moving a finished course into place.
import { lstat, mkdir, readdir, realpath, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { checkOutsideNodeModules } from '../inside-node-modules.ts';

/** A free place for a course. */
export interface Target {
  /** Absolute. */
  readonly path: string;
  readonly state: 'absent' | 'empty';
  /** The nearest existing folder above: temporary folders go there, on the same file system. */
  readonly existingParent: string;
}

/**
 * Checks that a path is free for a course: it does not exist, or is an empty folder.
 * @throws {CliError} TARGET_NOT_EMPTY, INSIDE_NODE_MODULES.
 */
export async function checkTarget(path: string): Promise<Target> {
  checkOutsideNodeModules(path);
  const stats = await lstat(path).catch(ignoreMissing);
  if (stats === undefined) return { path, state: 'absent', existingParent: await existingAbove(path) };
  if (stats.isSymbolicLink()) throw taken(path, 'is a link');
  if (!stats.isDirectory()) throw taken(path, 'is a file');
  if ((await readdir(path)).length > 0) throw taken(path, 'is not empty');
  return { path, state: 'empty', existingParent: dirname(path) };
}

/**
 * Moves a finished folder to its target. Replaces nothing that appeared there meanwhile.
 * @param cwd the person's working folder: it is filled, not replaced, or their shell would be left in a deleted one.
 */
export async function moveIntoPlace(folder: string, target: Target, cwd: string): Promise<void> {
  if (target.state === 'empty' && (await realpath(target.path)) === (await realpath(cwd))) {
    await moveEntries(folder, target.path);
    return;
  }
  if (target.state === 'empty') await rmdir(target.path);
  else await checkTarget(target.path);
  await mkdir(dirname(target.path), { recursive: true });
  await rename(folder, target.path);
}

/** Moves all entries, or none. */
async function moveEntries(from: string, to: string): Promise<void> {
  const moved: string[] = [];
  try {
    for (const name of await readdir(from)) {
      await rename(join(from, name), join(to, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) await rename(join(to, name), join(from, name));
    throw error;
  }
}

async function existingAbove(path: string): Promise<string> {
  const parent = dirname(path);
  const stats = await lstat(parent).catch(ignoreMissing);
  if (stats === undefined && parent !== path) return existingAbove(parent);
  return parent;
}

function taken(path: string, problem: string): CliError {
  return new CliError('TARGET_NOT_EMPTY', `${path} ${problem}. Your files are untouched`);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
