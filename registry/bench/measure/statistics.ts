// Owns the arithmetic of measurements: medians, and ratios within each round.

/** The median of numbers; for an even count, the mean of the middle two. NaN for none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * `values` divided by `references`: the median of the ratios of each round. Anything that slows a whole round slows both,
 * and does not change its ratio. Rounds that only one of them has do not count.
 */
export function pairedRatio(values: readonly number[], references: readonly number[]): number {
  const rounds = Math.min(values.length, references.length);
  return median(Array.from({ length: rounds }, (_, round) => (values[round] ?? 0) / (references[round] ?? 0)));
}

/** The list, rotated each round, so that nobody always comes first. */
export function rotated<T>(list: readonly T[], round: number): T[] {
  const start = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
