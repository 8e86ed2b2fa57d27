// Owns what `progy hint` prints.
import type { Exercise } from '../../exercises/exercise.ts';
import { flow } from '../../markdown/flow.ts';
import { renderMarkdown } from '../../markdown/render.ts';
import { type Line, line } from '../../terminal/styled.ts';
import { textWidth } from '../../terminal/wrap.ts';
import { exerciseName } from './exercise.ts';

export interface HintResult {
  readonly exercise: Exercise;
  readonly columns: number;
  /** From 1; 0 if there are none. */
  readonly number: number;
  readonly total: number;
  /** Markdown; undefined if there are none. */
  readonly hint: string | undefined;
}

export function showHint({ exercise, columns, number, total, hint }: HintResult): Line[] {
  const width = textWidth(columns);
  const name = exerciseName(exercise);
  if (hint === undefined)
    return [...flow([{ text: `${name} has no hints.` }], width), [], line('Next: read its text again: progy next')];
  return [
    ...flow([{ text: `Hint ${number} of ${total} for ${name}`, styles: ['dim'] }], width),
    [],
    ...renderMarkdown(hint, width),
    [],
    line(number < total ? `Next: progy hint ${exercise.label}` : 'That was the last one.'),
  ];
}
