// Owns where dist-tags go when a version they name is yanked, unpublished, or comes back.
import { compareVersions, isPrerelease, type Version } from '@progy/protocol/course/version.ts';
import type { PackageStates, TagMove, VersionState } from '../../database/versions/version-states.ts';

/**
 * What must happen to the tags so that none names a version that is gone, nor a yanked one: `latest` goes to the best
 * version left, the others go away. Only `latest` of a course whose versions are all yanked stays where it is.
 * @param after the versions as they will be.
 */
export function tagMoves({ distTags }: Pick<PackageStates, 'distTags'>, after: readonly VersionState[]): TagMove[] {
  return Object.entries(distTags).flatMap(([tag, version]) => {
    const named = after.find((state) => state.version === version);
    if (named?.yanked === null) return [];
    const best = tag === 'latest' ? bestOf(after) : undefined;
    const stays = named !== undefined && best !== undefined && best.yanked !== null;
    return stays ? [] : [{ tag, versionId: best?.id }];
  });
}

/** The highest stable version that is not yanked; failing that the highest prerelease, and failing that a yanked one. */
function bestOf(versions: readonly VersionState[]): VersionState | undefined {
  const unyanked = versions.filter(({ yanked }) => yanked === null);
  const candidates = unyanked.length > 0 ? unyanked : versions;
  const stable = candidates.filter(({ version }) => !isPrerelease(version as Version));
  return [...(stable.length > 0 ? stable : candidates)].sort((a, b) => compareVersions(a.version, b.version)).at(-1);
}

/** The tags with the moves made: `{tag: version}`. */
export function movedTags({ distTags, versions }: PackageStates, moves: readonly TagMove[]): Record<string, string> {
  const after = new Map(Object.entries(distTags));
  for (const { tag, versionId } of moves) {
    const version = versions.find(({ id }) => id === versionId)?.version;
    if (version === undefined) after.delete(tag);
    else after.set(tag, version);
  }
  return Object.fromEntries(after);
}
