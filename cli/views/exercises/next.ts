// Owns what `progy next` prints: where the student is, what to do, and in which files.
import type { Course } from '@progy/protocol/course/course.ts';
import type { Exercise } from '../../exercises/exercise.ts';
import type { ExerciseFiles } from '../../exercises/files.ts';
import { flow } from '../../markdown/flow.ts';
import { renderMarkdown } from '../../markdown/render.ts';
import { count, shellWord } from '../../terminal/format.ts';
import { type Line, line } from '../../terminal/styled.ts';
import { textWidth } from '../../terminal/wrap.ts';
import { exerciseName, shownPath } from './exercise.ts';

export interface NextResult {
  readonly course: Course;
  /** Absolute path of the course's root. */
  readonly folder: string;
  readonly cwd: string;
  readonly columns: number;
  /** Exercises in the course. */
  readonly total: number;
  /** Exercises that are done. */
  readonly done: number;
  /** Undefined once all are done. */
  readonly current: Current | undefined;
}

interface Current {
  readonly exercise: Exercise;
  readonly files: ExerciseFiles;
  /** Text of its README. */
  readonly readme: string | undefined;
}

export function showNext(result: NextResult): Line[] {
  const { current, columns } = result;
  if (current === undefined) return showEnd(result);
  const width = textWidth(columns);
  const position = `Exercise ${current.exercise.number} of ${result.total}, ${result.done} done`;
  return [
    ...flow([{ text: position, styles: ['dim'] }], width),
    [],
    ...(current.readme === undefined
      ? flow([{ text: exerciseName(current.exercise), styles: ['bold'] }], width)
      : renderMarkdown(current.readme, width)),
    [],
    ...current.files.toEdit.map((path) => line(`Edit: ${shownPath(result.folder, path, result.cwd)}`)),
    line('Next: progy test'),
  ];
}

function showEnd({ course, total, columns }: NextResult): Line[] {
  const { title, keywords } = course.fields;
  const name = title ?? course.name.full;
  if (total === 0) return flow([{ text: `${name} has no exercises. Read its README.md.` }], textWidth(columns));
  const sentence = `You have done ${total === 1 ? 'the one exercise' : `all ${count(total, 'exercise')}`} of ${name}. Well done!`;
  return [
    ...flow([{ text: sentence, styles: ['bold', 'green'] }], textWidth(columns)),
    [],
    line(`Next: find another course: progy search ${shellWord(keywords?.[0] ?? course.name.scope)}`),
  ];
}
