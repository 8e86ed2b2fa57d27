// Owns what `progy classroom update` prints: what is new, and what students will see.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { escapeControls, escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import type { Move } from '../../classroom/update-class.ts';
import { count } from '../../terminal/format.ts';

/** Exercises that are named; of more, the number is told. */
const SHOWN_EXERCISES = 20;

export function showMoves(moves: readonly Move[], isDryRun: boolean): string {
  if (moves.length === 0) return 'The class has the newest versions already.\n\nNext: progy classroom verify';
  const course = moves.find(({ name }) => name !== CLIENT.full);
  return [
    ...moves.flatMap(showMove),
    ...(course === undefined ? [] : ['', ...showStudents(course)]),
    '',
    isDryRun
      ? 'Next: nothing was changed. To move the class, run it without --dry-run'
      : 'Next: commit package.json and the lockfile, and push them',
  ].join('\n');
}

function showMove({ name, from, to, changelogs, added, removed }: Move): string[] {
  return [
    `${name} ${from} → ${to}`,
    ...changelogs.flatMap(({ version, text }) => [`  ${version}:`, ...indented(text)]),
    ...showExercises('new', added),
    ...showExercises('gone', removed),
  ];
}

function indented(text: string): string[] {
  return escapeControlsInLines(text.trim())
    .split('\n')
    .map((line) => `    ${line}`.trimEnd());
}

function showExercises(label: string, exercises: readonly string[]): string[] {
  if (exercises.length === 0) return [];
  const names = exercises.slice(0, SHOWN_EXERCISES).map((exercise) => `    ${escapeControls(exercise)}`);
  const more = exercises.length - names.length;
  const rest = more > 0 ? [`    and ${count(more, 'exercise')} more`] : [];
  return [`  ${label}:`, ...names, ...rest];
}

/** Nothing changes on their laptops until they ask for it. */
function showStudents({ from, to }: Move): string[] {
  return [
    'What students will see after they pull and install:',
    `  who has not started gets ${to}`,
    `  who has keeps their work on ${from}; the start command tells them to run: progy update --to ${to}`,
  ];
}
