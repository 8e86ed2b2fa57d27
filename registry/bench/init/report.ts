// Owns telling what was measured of `progy init`: a table of times and ratios, and a table of goals.
import { median, pairedRatio } from '../measure/statistics.ts';
import { shortNumber, type Table } from '../measure/table.ts';
import type { InitGoal, InitJudgement, Times } from './goals.ts';
import { STAGE_TITLES } from './stages.ts';

export interface Titled {
  readonly name: string;
  readonly title: string;
}

/** Milliseconds, and how many times as long as `reference` takes. */
export function timeTable(title: string, programs: readonly Titled[], times: Times, reference: Titled): Table {
  const base = times.get(reference.name) ?? [];
  return {
    head: [title, 'ms', `÷ ${reference.title}`],
    rows: programs.map(({ name, title }) => {
      const ofProgram = times.get(name) ?? [];
      return [title, shortNumber(median(ofProgram)), shortNumber(pairedRatio(ofProgram, base))];
    }),
  };
}

export function initGoalTable(judgements: readonly InitJudgement[], titles: ReadonlyMap<string, string>): Table {
  return {
    head: ['goal', 'where', 'bound', 'measured', 'holds'],
    rows: judgements.map(({ goal, ratio, holds }) => [
      subjectOf(goal, titles),
      STAGE_TITLES[goal.stage],
      'faster' in goal.bound ? `≥ ${goal.bound.faster}` : `≤ ${goal.bound.atMost}`,
      ratio === undefined ? '–' : shortNumber(ratio),
      holds === undefined ? 'not measured' : holds ? 'yes' : 'NO',
    ]),
  };
}

function subjectOf({ of, than, bound }: InitGoal, titles: ReadonlyMap<string, string>): string {
  const title = (name: string) => titles.get(name) ?? name;
  const others = than.map(title).join(' + ');
  const sum = than.length > 1 ? `(${others})` : others;
  return 'faster' in bound ? `${sum} ÷ ${title(of)}` : `${title(of)} ÷ ${sum}`;
}
