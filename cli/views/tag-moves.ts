// Owns showing which dist-tags a change has moved or removed.

type Tags = Readonly<Record<string, string>>;

/** `{tag: version}` before and after a change. */
export interface ChangedTags {
  readonly before: Tags;
  readonly after: Tags;
}

/** What an answer says are dist-tags; what is no version is left out. */
export function tagMap(value: unknown): Tags {
  const entries = Object.entries(Object(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** A line for each tag that is not where it was. */
export function showTagMoves({ before, after }: ChangedTags): string[] {
  return Object.entries(before).flatMap(([tag, version]) => {
    const now = after[tag];
    if (now === version) return [];
    return [now === undefined ? `  dist-tag ${tag} is removed` : `  dist-tag ${tag} goes from ${version} to ${now}`];
  });
}
