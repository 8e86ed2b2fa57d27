// Owns showing which dist-tags a change moved or removed.
import type { YankReceipt } from '@progy/protocol/wire/version-changes.ts';

/** A line for each tag that moved or was removed. */
export function showTagMoves({ before, after }: YankReceipt['distTags']): string[] {
  return Object.entries(before).flatMap(([tag, version]) => {
    const now = after[tag];
    if (now === version) return [];
    return [now === undefined ? `  dist-tag ${tag} removed` : `  dist-tag ${tag} moves from ${version} to ${now}`];
  });
}
