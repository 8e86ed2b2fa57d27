// Owns what the commands of `progy classroom` print.
import type { ClassCourse } from '../classroom/start-course.ts';
import { isRepository } from '../student/portfolio.ts';
import { shellWord } from '../terminal/format.ts';

/** Where a student's courses are, ending with one next step. */
export function showClassCourses(courses: readonly ClassCourse[]): string {
  const next = courses.find(({ state }) => state === 'started') ?? courses[0];
  const behind = courses.find(({ version, pinned }) => version !== pinned);
  return [
    ...courses.flatMap(showClassCourse),
    '',
    behind === undefined ? `Next: cd ${shellWord(next?.shownPath ?? '.')}` : nextUpdate(behind),
  ].join('\n');
}

function showClassCourse({ name, version, pinned, shownPath, lockfile, state, git }: ClassCourse): string[] {
  if (state === 'there') {
    const moved = version === pinned ? [] : [`  the class has moved to ${pinned}; your work is on ${version}`];
    return [`${name} ${version} is already in ${shownPath}, with your work`, ...moved];
  }
  const unsaved = git === undefined || isRepository(git) ? [] : [`  no git repository: ${git.problem}`];
  return [`${name} ${version} is ready in ${shownPath}`, `  bytes  exactly those in ${lockfile}`, ...unsaved];
}

function nextUpdate({ shownPath, pinned }: ClassCourse): string {
  return `Next: cd ${shellWord(shownPath)}, then: progy update --to ${pinned}`;
}
