// Owns the target folder of a course: checking that it is free, and moving a finished course into place.
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { abandonedFolders, STILL_NEEDED, temporaryFolderAround } from '../course/temporary-folder.ts';
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
  if ((await finishFilling(dirname(path))).includes(path)) throw complete(path);
  if ((await readdir(path)).length > 0) throw taken(path, 'is not empty');
  return { path, state: 'empty', existingParent: dirname(path) };
}

/**
 * Moves a finished folder to its target. Replaces nothing that appeared there meanwhile.
 * @param cwd the person's working folder: it is filled, not replaced, or their shell would be left in a deleted one.
 */
export async function moveIntoPlace(folder: string, target: Target, cwd: string): Promise<void> {
  if (target.state === 'empty' && (await realpath(target.path)) === (await realpath(cwd))) {
    await fill({ from: folder, to: target.path });
    return;
  }
  if (target.state === 'empty') await rmdir(target.path);
  else await checkTarget(target.path);
  await mkdir(dirname(target.path), { recursive: true });
  await rename(folder, target.path);
}

const fillingSchema = z.object({
  /** Absolute. */
  from: z.string(),
  to: z.string(),
});
type Filling = z.infer<typeof fillingSchema>;

/** Moves all entries, or none. If the process dies on the way, `finishFilling` moves the rest. */
async function fill(filling: Filling): Promise<void> {
  const note = join(temporaryFolderAround(filling.from) ?? dirname(filling.from), STILL_NEEDED);
  await writeFile(note, JSON.stringify(filling));
  const moved: string[] = [];
  try {
    await moveEntries(filling, (name) => moved.push(name));
  } catch (error) {
    for (const name of moved) await rename(join(filling.to, name), join(filling.from, name));
    throw error;
  } finally {
    await rm(note);
  }
}

/** The lock comes last: a folder with one is a whole course. */
async function moveEntries({ from, to }: Filling, moved: (name: string) => void): Promise<void> {
  const names = (await readdir(from)).sort((one, other) => Number(one === PROGY_LOCK) - Number(other === PROGY_LOCK));
  for (const name of names) {
    await rename(join(from, name), join(to, name));
    moved(name);
  }
}

/**
 * Finishes what a run that was killed had begun to move into a folder that somebody stands in.
 * @param parent absolute path of the folder above it.
 * @returns the folders that are whole courses now.
 */
async function finishFilling(parent: string): Promise<string[]> {
  const finished: string[] = [];
  for (const temporary of await abandonedFolders(parent).catch(() => [])) {
    const note = await readFile(join(temporary, STILL_NEEDED), 'utf8').catch(() => '');
    const filling = fillingSchema.safeParse(jsonOrUndefined(note)).data;
    if (filling !== undefined) {
      await moveEntries(filling, () => {});
      finished.push(filling.to);
    }
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
  return finished;
}

/** A note that was not written to its end: then nothing had been moved. */
function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function existingAbove(path: string): Promise<string> {
  const parent = dirname(path);
  const stats = await lstat(parent).catch(ignoreMissing);
  if (stats === undefined && parent !== path) return existingAbove(parent);
  return parent;
}

function complete(path: string): CliError {
  const message = `${path} is a whole course now: the progy that was starting it was stopped, and this one did the rest`;
  return new CliError('TARGET_NOT_EMPTY', message, 'To begin: progy next');
}

function taken(path: string, problem: string): CliError {
  return new CliError('TARGET_NOT_EMPTY', `${path} ${problem}. Your files are untouched`);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
