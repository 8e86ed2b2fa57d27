// Owns the goals of `progy init` and of its start, and judging them by what was measured.
import { pairedRatio } from '../measure/statistics.ts';
import type { Stage } from './stages.ts';

/** Milliseconds of each round, by name of a program. */
export type Times = ReadonlyMap<string, readonly number[]>;

export interface InitGoal {
  readonly stage: Stage;
  /** Whose time is divided by the times of others, added up: or, for `faster`, the other way round. */
  readonly of: string;
  readonly than: readonly string[];
  readonly bound: { readonly atMost: number } | { readonly faster: number };
}

export interface InitJudgement {
  readonly goal: InitGoal;
  /** Undefined where something was not measured. */
  readonly ratio: number | undefined;
  readonly holds: boolean | undefined;
}

export const INIT_GOALS: readonly InitGoal[] = [
  { stage: 'slow', of: 'init', than: ['curl'], bound: { atMost: 1.08 } },
  { stage: 'slow', of: 'init-exact', than: ['curl'], bound: { atMost: 1.08 } },
  { stage: 'slow', of: 'init', than: ['clone'], bound: { faster: 6 } },
  { stage: 'slow', of: 'init-warm', than: ['clone-1'], bound: { faster: 8 } },
  { stage: 'fast', of: 'init', than: ['curl', 'commit'], bound: { atMost: 2.5 } },
  { stage: 'fast', of: 'init', than: ['clone'], bound: { faster: 1 } },
  ...['--version', '--help', 'whoami'].map(
    (of): InitGoal => ({ stage: 'start', of, than: ['node'], bound: { atMost: 2 } }),
  ),
];

export function judgeInit(times: ReadonlyMap<Stage, Times>, goals: readonly InitGoal[] = INIT_GOALS): InitJudgement[] {
  return goals.map((goal) => {
    const ratio = ratioOf(goal, times.get(goal.stage) ?? new Map());
    return { goal, ratio, holds: ratio === undefined ? undefined : isWithin(ratio, goal.bound) };
  });
}

function ratioOf({ of, than, bound }: InitGoal, times: Times): number | undefined {
  const [ours, ...others] = [of, ...than].map((name) => times.get(name));
  if (ours === undefined || others.some((other) => other === undefined)) return undefined;
  const sums = ours.map((_, round) => others.reduce((sum, other) => sum + (other?.[round] ?? Number.NaN), 0));
  return 'faster' in bound ? pairedRatio(sums, ours) : pairedRatio(ours, sums);
}

function isWithin(ratio: number, bound: InitGoal['bound']): boolean {
  return 'faster' in bound ? ratio >= bound.faster : ratio <= bound.atMost;
}
