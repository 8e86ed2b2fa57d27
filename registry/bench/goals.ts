// Owns the speed goals: each is one line of a table, checked against the measurements.
import type { Measure, Results } from './measure/results.ts';
import { median, pairedRatio } from './measure/statistics.ts';
import type { TargetName } from './targets/target.ts';

/** One of our numbers divided by another, and the limit of the ratio. */
export interface Goal {
  scenario: string;
  /** `bytes` are not divided by anything. */
  measure: Measure | 'bytes';
  /** The target whose number is the divisor; ours if missing. */
  than?: TargetName;
  /** The scenario of the divisor, if it differs. */
  as?: string;
  /** Compares the growth since this scenario, on both sides, instead of the numbers themselves. */
  since?: string;
  bound: { atLeast: number } | { atMost: number };
}

export interface Judgement {
  goal: Goal;
  /** Undefined if one of the two was not measured. */
  ratio: number | undefined;
  holds: boolean | undefined;
}

export const GOALS: readonly Goal[] = [
  { scenario: 'full-1', measure: 'rate', than: 'edge-apps', bound: { atLeast: 2 } },
  { scenario: 'full-1', measure: 'rate', than: 'bare', bound: { atLeast: 0.4 } },
  ...['full-200', 'abbreviated-200'].flatMap((scenario): Goal[] => [
    { scenario, measure: 'rate', than: 'edge-apps', bound: { atLeast: 4 } },
    { scenario, measure: 'rate', than: 'verdaccio', bound: { atLeast: 6 } },
    { scenario, measure: 'rate', than: 'pnpr', bound: { atLeast: 1.4 } },
  ]),
  { scenario: 'full-200-gzip', measure: 'rate', than: 'pnpr', bound: { atLeast: 2 } },
  { scenario: 'abbreviated-200-gzip', measure: 'rate', than: 'pnpr', bound: { atLeast: 2 } },
  { scenario: 'abbreviated-200-gzip', measure: 'bytes', bound: { atMost: 40_000 } },
  { scenario: 'full-1000', measure: 'rate', than: 'edge-apps', bound: { atLeast: 8 } },
  { scenario: 'full-1000', measure: 'p50', than: 'bare', since: 'full-1', bound: { atMost: 1 } },
  { scenario: 'manifest', measure: 'time', than: 'bare', bound: { atMost: 1.2 } },
  { scenario: 'missing', measure: 'rate', than: 'edge-apps', bound: { atLeast: 1 } },
  { scenario: 'search-rare', measure: 'rate', than: 'edge-apps', bound: { atLeast: 1 } },
  { scenario: 'tarball-100kb', measure: 'rate', than: 'bare', bound: { atLeast: 0.95 } },
  { scenario: 'tarball-10mb', measure: 'rate', than: 'bare', bound: { atLeast: 0.95 } },
  { scenario: 'tarball-10mb-4', measure: 'rate', than: 'bare', bound: { atLeast: 0.95 } },
  { scenario: 'publish-100kb', measure: 'time', than: 'floor', bound: { atMost: 1.5 } },
  { scenario: 'publish-100kb-progy', measure: 'time', than: 'floor', as: 'publish-100kb', bound: { atMost: 1.5 } },
  { scenario: 'publish-on-200', measure: 'time', as: 'publish-100kb', bound: { atMost: 1.15 } },
  { scenario: 'publish-on-1000', measure: 'time', as: 'publish-100kb', bound: { atMost: 1.15 } },
  { scenario: 'publish-10mb', measure: 'time', than: 'floor', bound: { atMost: 1.15 } },
  { scenario: 'publish-10mb-progy', measure: 'time', than: 'floor', as: 'publish-10mb', bound: { atMost: 0.8 } },
  { scenario: 'publish-94mb', measure: 'time', than: 'bare', bound: { atMost: 2 } },
];

export function judge(results: Results, goals: readonly Goal[] = GOALS): Judgement[] {
  return goals.map((goal) => {
    const ratio = goal.measure === 'bytes' ? bytesOf(results, goal) : ratioOf(results, goal, goal.measure);
    return { goal, ratio, holds: ratio === undefined ? undefined : isWithin(ratio, goal.bound) };
  });
}

function isWithin(ratio: number, bound: Goal['bound']): boolean {
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
}

function bytesOf(results: Results, { scenario }: Goal): number | undefined {
  return results.get(scenario)?.get('ours')?.bytes;
}

function ratioOf(results: Results, { scenario, than = 'ours', as = scenario, since }: Goal, measure: Measure) {
  const rounds = (name: string, target: TargetName) => results.get(name)?.get(target)?.[measure];
  const ratio = (name: string, asked: string) => {
    const [ours, theirs] = [rounds(name, 'ours'), rounds(asked, than)];
    return ours === undefined || theirs === undefined ? undefined : pairedRatio(ours, theirs);
  };
  const now = ratio(scenario, as);
  if (since === undefined || now === undefined) return now;
  const before = ratio(since, since);
  return before === undefined ? undefined : now / before;
}

/** The ratio shown with a target's number: ours divided by it, so that more than 1 is faster for rates. */
export function comparedWith(
  results: Results,
  scenario: string,
  target: TargetName,
  measure: Measure,
): number | undefined {
  return ratioOf(results, { scenario, than: target, measure, bound: { atLeast: 0 } }, measure);
}

/** The number of a table's cell. */
export function typical(results: Results, scenario: string, target: TargetName, measure: Measure): number | undefined {
  const rounds = results.get(scenario)?.get(target)?.[measure];
  return rounds === undefined ? undefined : median(rounds);
}
