// Owns finding the code of a folder that never ran in this process, according to V8.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A stretch of code that did not run. */
export interface Unreached {
  /** `documents.ts:57`. */
  place: string;
  code: string;
}

/**
 * Begins to count. Modules imported before are counted only in part.
 * @returns a function that lists the code below `folder` that has not run since, of modules imported since.
 */
export async function countRuns(folder: URL): Promise<() => Promise<Unreached[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    session.disconnect();
    const scripts = result.filter(({ url }) => url.startsWith(folder.href));
    return scripts.flatMap(({ url, functions }) => {
      const never = functions.flatMap(({ ranges }) => ranges).filter(({ count }) => count === 0);
      return never.map(({ startOffset, endOffset }) => stretchOf(folder, url, startOffset, endOffset));
    });
  };
}

/** Node replaces types with spaces, so that offsets match the source. */
function stretchOf(folder: URL, url: string, start: number, end: number): Unreached {
  const source = readFileSync(fileURLToPath(url), 'utf8');
  const line = source.slice(0, start).split('\n').length;
  return { place: `${relative(fileURLToPath(folder), fileURLToPath(url))}:${line}`, code: source.slice(start, end) };
}
