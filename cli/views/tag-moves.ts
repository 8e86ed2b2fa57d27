// Owns showing which dist-tags a change has moved or removed.
import type { YankReceipt } from '@progy/protocol/wire/version-changes.ts';

/** A line for each tag that is not where it was. */
export function showTagMoves({ before, after }: YankReceipt['distTags']): string[] {
  return Object.entries(before).flatMap(([tag, version]) => {
    const now = after[tag];
    if (now === version) return [];
    return [now === undefined ? `  dist-tag ${tag} is removed` : `  dist-tag ${tag} goes from ${version} to ${now}`];
  });
}
