// Owns what `progy list` prints: modules and exercises with what is done.
import type { Exercise } from '../../exercises/exercise.ts';
import type { OpenCourse } from '../../exercises/open-course.ts';
import { isDone } from '../../exercises/progress.ts';
import { flow } from '../../markdown/flow.ts';
import { type Line, line, type Style } from '../../terminal/styled.ts';
import { textWidth } from '../../terminal/wrap.ts';

export interface ListResult extends OpenCourse {
  /** The first exercise that is not done. */
  readonly current: Exercise | undefined;
  readonly columns: number;
}

export function showList(result: ListResult): Line[] {
  const { course, modules, exercises, progress, current, columns } = result;
  const done = exercises.filter((exercise) => isDone(progress, exercise)).length;
  const heading = `${course.fields.title ?? course.name.full}: ${done} of ${exercises.length} done`;
  return [
    ...flow([{ text: heading, styles: ['bold'] }], textWidth(columns)),
    ...modules.flatMap((module, index) => [
      [],
      ...hanging(`${index + 1}. `, flow([{ text: module.title, styles: ['bold'] }], textWidth(columns, 4))),
      ...module.exercises.flatMap((exercise) => showExercise(exercise, result)),
    ]),
    [],
    line(nextLine(current, exercises.length)),
  ];
}

/** `✓` is done, `→` is where the student is, `·` is still to do. */
function showExercise(exercise: Exercise, { progress, current, columns }: ListResult): Line[] {
  const isCurrent = exercise.id === current?.id;
  const [mark, style]: [string, Style] = isDone(progress, exercise)
    ? ['✓', 'green']
    : isCurrent
      ? ['→', 'yellow']
      : ['·', 'dim'];
  const label = `  ${mark} ${exercise.label.padEnd(5)}`;
  const title = flow([{ text: exercise.title, styles: isCurrent ? ['bold'] : [] }], textWidth(columns, label.length));
  return hanging(label, title, style);
}

/** Lines after a mark, the others below the first. */
function hanging(mark: string, lines: readonly Line[], style?: Style): Line[] {
  return lines.map((spans, index) => [
    { text: index === 0 ? mark : ' '.repeat(mark.length), styles: style === undefined ? [] : [style] },
    ...spans,
  ]);
}

function nextLine(current: Exercise | undefined, total: number): string {
  if (total === 0) return 'This course has no exercises.';
  return current === undefined ? 'All are done.' : 'Next: progy next';
}
