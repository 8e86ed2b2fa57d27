// Owns reporting the measurements: a table of numbers and ratios, and a table of goals.
import { comparedWith, type Goal, type Judgement, typical } from './goals.ts';
import type { Results } from './measure/results.ts';
import { shortNumber, type Table } from './measure/table.ts';
import type { TargetName } from './targets/target.ts';
import { type PublishScenario, publishScenarios, type ReadScenario, readScenarios } from './work/scenarios.ts';

/** Answers per second, with the ratio of ours to them. */
export function readTable(results: Results, scenarios: readonly ReadScenario[], targets: readonly TargetName[]): Table {
  return {
    head: ['reads (answers/s, in brackets ours ÷ it)', 'c', ...targets, 'bytes'],
    rows: scenarios.map(({ name, title, connections }) => [
      title,
      String(connections),
      ...targets.map((target) => cell(results, name, target, 'rate')),
      shortBytes(results.get(name)?.get('ours')?.bytes ?? 0),
    ]),
  };
}

/** Milliseconds, with the ratio of ours to them. */
export function publishTable(
  results: Results,
  scenarios: readonly PublishScenario[],
  targets: readonly TargetName[],
): Table {
  return {
    head: ['publishes (ms, in brackets ours ÷ it)', ...targets],
    rows: scenarios.map(({ name, title }) => [title, ...targets.map((target) => cell(results, name, target, 'time'))]),
  };
}

function cell(results: Results, scenario: string, target: TargetName, measure: 'rate' | 'time'): string {
  const number = typical(results, scenario, target, measure);
  if (number === undefined) return '–';
  const ratio = target === 'ours' ? undefined : comparedWith(results, scenario, target, measure);
  return ratio === undefined ? shortNumber(number) : `${shortNumber(number)} (${shortNumber(ratio)})`;
}

const ALL = [...readScenarios({ quick: false }), ...publishScenarios({ quick: false })];

function titleOf(scenario: string): string {
  return ALL.find(({ name }) => name === scenario)?.title ?? scenario;
}

/** One line per goal. */
export function goalTable(judgements: readonly Judgement[]): Table {
  return {
    head: ['goal', 'of', 'bound', 'measured', 'holds'],
    rows: judgements.map(({ goal, ratio, holds }) => [
      titleOf(goal.scenario),
      subjectOf(goal),
      'atLeast' in goal.bound ? `≥ ${goal.bound.atLeast}` : `≤ ${goal.bound.atMost.toLocaleString('en')}`,
      ratio === undefined ? '–' : goal.measure === 'bytes' ? ratio.toLocaleString('en') : shortNumber(ratio),
      holds === undefined ? 'not measured' : holds ? 'yes' : 'NO',
    ]),
  };
}

const MEASURES = { rate: 'answers/s', time: 'time', p50: 'median time', bytes: 'bytes' };

function subjectOf({ measure, than, as, since }: Goal): string {
  const measured = MEASURES[measure];
  if (measure === 'bytes') return measured;
  const other = as === undefined ? '' : ` at "${titleOf(as)}"`;
  const growth = since === undefined ? '' : `growth of ${measured} since "${titleOf(since)}"`;
  return `${growth || measured} ÷ ${than ?? 'ours'}${other}`;
}

function shortBytes(bytes: number): string {
  return bytes < 1_000
    ? String(bytes)
    : bytes < 1_000_000
      ? `${shortNumber(bytes / 1_000)} k`
      : `${shortNumber(bytes / 1_000_000)} M`;
}
