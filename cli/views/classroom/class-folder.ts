// Owns what the commands of `progy classroom` print.

import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { CreatedClass } from '../../classroom/create-class.ts';
import type { Manager } from '../../classroom/lockfiles/locked-course.ts';
import { COMMANDS } from '../../classroom/managers.ts';
import type { ClassCourse } from '../../classroom/start-course.ts';
import { isRepository, type NoRepository, type Repository } from '../../student/repository.ts';
import { shellWord } from '../../terminal/format.ts';

/** Where a student's courses are, ending with one next step. */
export function showClassCourses(courses: readonly ClassCourse[]): string {
  const next = courses.find(({ state }) => state === 'started') ?? courses[0];
  const behind = courses.find(({ version, pinned }) => version !== pinned);
  return [
    ...courses.flatMap(showClassCourse),
    '',
    behind === undefined ? `Next: cd ${shellWord(next?.shownPath ?? '.')}, then: progy next` : nextUpdate(behind),
  ].join('\n');
}

function showClassCourse({ name, version, pinned, shownPath, lockfile, state, git }: ClassCourse): string[] {
  if (state === 'there') {
    const moved = version === pinned ? [] : [`  the class has moved to ${pinned}; your work is on ${version}`];
    return [`${name} ${version} is already in ${shownPath}, with your work`, ...moved];
  }
  const unsaved = git === undefined || isRepository(git) ? [] : [`  ${showNoRepository(git)}`];
  return [`${name} ${version} is ready in ${shownPath}`, `  bytes  exactly those in ${lockfile}`, ...unsaved];
}

/** Students can work without one. */
function showNoRepository({ problem, detail }: NoRepository): string {
  if (problem === 'git-missing') return `no git repository: git is not installed. Get it with: ${detail}`;
  return `no git repository: ${escapeControls(detail.split('\n')[0] ?? '')}`;
}

function nextUpdate({ shownPath, pinned }: ClassCourse): string {
  return `Next: cd ${shellWord(shownPath)}, then: progy update --to ${pinned}`;
}

export interface ClassCreation extends CreatedClass {
  readonly path: string;
  /** Relative to the working folder; empty for that folder itself. */
  readonly shownPath: string;
  readonly manager: Manager;
  /** Undefined: none was made. */
  readonly git: Repository | NoRepository | undefined;
  /** The repository that the folder is in already. */
  readonly outer: string | undefined;
}

/** What a teacher does with a new class folder. */
export function showCreatedClass({ shownPath, courses, files, manager, git, outer }: ClassCreation): string {
  const { install, start } = COMMANDS[manager];
  const commit =
    git !== undefined && isRepository(git)
      ? `  git       first commit ${git.commit.slice(0, 7)} on ${git.branch}`
      : undefined;
  return [
    `A class is ready in ${shownPath === '' ? 'this folder' : shownPath}`,
    ...courses.map(({ name, version }) => `  course    ${name} ${version}`),
    `  files     ${files.join(', ')}`,
    `  students  ${install} && ${start}`,
    ...(commit === undefined ? [] : [commit]),
    '',
    nextForTeacher(shownPath, git !== undefined && isRepository(git), outer),
  ].join('\n');
}

function nextForTeacher(shownPath: string, isCommitted: boolean, outer: string | undefined): string {
  const folder = shellWord(shownPath === '' ? '.' : shownPath);
  if (isCommitted) return `Next: push it where students can clone it: git -C ${folder} remote add origin <url>`;
  if (outer !== undefined)
    return `Next: git -C ${folder} add . && git -C ${folder} commit -m "Pin the courses of the class"`;
  return `Next: git init ${folder}, then commit it and push it where students can clone it`;
}
