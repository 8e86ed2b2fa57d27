// Owns what is printed after people were let read a course.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { LetRead } from '../../classroom/people/let-read.ts';
import { count } from '../../terminal/format.ts';

/** Who may read a course now, and whom the registry does not know, each by name: a teacher has to find them. */
export function showLetRead(name: string, { granted, already, unknown }: LetRead, flag: string): string {
  const [only] = granted;
  const total = granted.length + already.length;
  const head = total === 1 && only !== undefined ? `${only} may read ${name}.` : `${people(total)} may read ${name}.`;
  return [
    escapeControls(head),
    ...(already.length > 0 && total > 1 ? [`  ${already.length} could before`] : []),
    ...unknown.map((person) => `  not known: ${escapeControls(person)}`),
    ...(unknown.length === 0
      ? []
      : ['', `Next: send them a link instead: progy classroom invite ${name} --link${flag}`]),
  ].join('\n');
}

function people(number: number): string {
  return number === 0 ? 'Nobody new' : count(number, 'person').replace(/persons$/, 'people');
}
