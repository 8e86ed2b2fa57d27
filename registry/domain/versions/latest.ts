// Owns which version `latest` names, and where the other dist-tags go when a version is yanked, unyanked or unpublished.
import { compareVersions, isPrerelease, type Version } from '@progy/protocol/course/version.ts';
import type { PackageStates, TagMove, VersionState } from '../../database/versions/version-states.ts';

/**
 * The moves after which no tag names a missing or yanked version: `latest` moves to the best version left, the others
 * are removed. If all versions of a course are yanked, `latest` stays where it is.
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

/**
 * Whether a version that is published or unyanked becomes `latest`: the first one does, then only one of higher rank. A
 * yanked `latest` (if there was nothing better) ranks below everything. The SQL for the commit of a publish is in
 * `database/publish/take-latest.ts`; one table of cases tests both.
 * @param named what `latest` names so far.
 * @param asksForLatest false for a publish under another tag.
 */
export function takesLatest(
  { latestRank }: Pick<VersionState, 'latestRank'>,
  named: Pick<VersionState, 'latestRank' | 'yanked'> | undefined,
  asksForLatest: boolean,
): boolean {
  if (named === undefined || named.yanked !== null) return true;
  return asksForLatest && latestRank > named.latestRank;
}

/**
 * The moves when a version is yanked or unyanked. After an unyank, `latest` moves to it as if it were published again;
 * other tags are not restored.
 * @param yanked null: it is unyanked.
 */
export function movesOfYank(states: PackageStates, changing: VersionState, yanked: string | null): TagMove[] {
  const changed = { ...changing, yanked };
  const after = states.versions.map((state) => (state === changing ? changed : state));
  const moves = tagMoves(states, after);
  const latest = after.find(({ version }) => version === states.distTags.latest);
  const returns = yanked === null && moves.length === 0 && takesLatest(changed, latest, true);
  return returns ? [{ tag: 'latest', versionId: changed.id }] : moves;
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
