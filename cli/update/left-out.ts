// Owns saying which new files are too much to be committed.
import { quote } from '@progy/protocol/quote.ts';
import type { Talk } from '../terminal/talk.ts';

const SHOWN = 3;

/** Warns of files that `storeWork` left out, if there are any. */
export function tellLeftOut(paths: readonly string[], talk: Pick<Talk, 'warn'>): void {
  if (paths.length > 0)
    talk.warn(`More than 100 MB of new files: not committed, and left where they are: ${firstOf(paths)}`);
}

/** The first few of many paths, as many as a sentence has room for. */
export function firstOf(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return `${paths
    .slice(0, SHOWN)
    .map((path) => quote(path))
    .join(', ')}${more}`;
}
