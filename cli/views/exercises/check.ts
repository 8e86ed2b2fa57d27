// Owns what `progy check` prints.
import { flow } from '../../markdown/flow.ts';
import type { CheckResult } from '../../runners/checks.ts';
import { type Line, line, type Style } from '../../terminal/styled.ts';
import { textWidth } from '../../terminal/wrap.ts';

export interface ChecksResult {
  readonly results: readonly CheckResult[];
  /** Path of the page that explains the setup. */
  readonly guide: string | undefined;
  readonly columns: number;
}

const MARKS: Readonly<Record<CheckResult['state'], [mark: string, style: Style]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['-', 'dim'],
};

export function showChecks({ results, guide, columns }: ChecksResult): Line[] {
  const width = textWidth(columns);
  if (results.length === 0) {
    const where = guide === undefined ? '' : ` Read ${guide} for what it needs.`;
    return flow([{ text: `This course checks nothing by itself.${where}` }], width);
  }
  return [...results.flatMap((result) => showOne(result, width)), [], line(nextStep(results, guide))];
}

function showOne({ name, state, detail }: CheckResult, width: number): Line[] {
  const [mark, style] = MARKS[state];
  const lines = flow([{ text: detail === '' ? name : `${name}: ${detail}` }], width - 2);
  return lines.map((spans, index) => [{ text: index === 0 ? `${mark} ` : '  ', styles: [style] }, ...spans]);
}

function nextStep(results: readonly CheckResult[], guide: string | undefined): string {
  if (results.every(({ state }) => state === 'passed')) return 'Next: progy next';
  return guide === undefined ? 'Next: install what is missing, then: progy check' : `Next: read ${guide}`;
}
