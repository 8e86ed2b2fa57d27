// Owns noticing that files of an exercise changed.
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from './files.ts';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;
/** Folders of a network, and those of Windows in its Linux, tell of no changes: these are looked for. */
const POLL_MS = 1_000;
const MAX_DEPTH = 8;

/** When each file was changed, by path. */
export type Snapshot = ReadonlyMap<string, string>;

/** The state of all files below a folder of the course, without what programs and git keep there. */
export async function snapshotOf(folder: string, path: string): Promise<Snapshot> {
  const files = await filesBelow(folder, path, MAX_DEPTH);
  return new Map(await Promise.all(files.map(async (file) => [file, await stateOf(join(folder, file))] as const)));
}

/** Files that are not the same in two snapshots. */
export function changedBetween(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
}

/**
 * Waits until the files below a folder are not as they were.
 * @param path from the root of the course.
 * @returns at once if they are not; also when `signal` is aborted.
 */
export async function nextChange(folder: string, path: string, before: Snapshot, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async () => {
    const after = await snapshotOf(folder, path);
    if (changedBetween(before, after).length > 0) resolve();
  };
  const stop = onEvents(join(folder, path), () => void look().catch(resolve));
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  try {
    // What changed before it was watched.
    await look();
    await promise;
  } finally {
    stop();
  }
}

/** Calls `heed` a moment after something happened below a folder, once for all that happens meanwhile. */
function onEvents(folder: string, heed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(heed, SETTLE_MS);
  };
  const poll = setInterval(heed, POLL_MS);
  const watcher = watcherOf(folder, soon);
  return () => {
    watcher?.close();
    clearTimeout(timer);
    clearInterval(poll);
  };
}

/** Undefined where the system cannot watch, or watches too much already. */
function watcherOf(folder: string, heed: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { recursive: true }, heed).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

async function stateOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size}`;
}
