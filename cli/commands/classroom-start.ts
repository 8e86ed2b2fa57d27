// Owns `progy classroom start`, which `npm start` runs in a class: the student's own copy of each course.
import { resolve } from 'node:path';
import { type ClassFolder, classAround } from '../classroom/class-folder.ts';
import type { PinnedCourse } from '../classroom/pinned-course.ts';
import { type ClassCourse, folderFor, startInClass } from '../classroom/start-course.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import type { StartOptions } from '../usage/classroom.ts';
import { showClassCourses } from '../views/classroom/class-folder.ts';

export interface ClassStart {
  readonly courses: readonly ClassCourse[];
}

export async function run(options: StartOptions, context: Context): Promise<ClassStart> {
  const classroom = await classAround(context.cwd);
  const chosen = choose(classroom, options.courses);
  const [only, other] = chosen;
  if (options.dir !== undefined && (only === undefined || other !== undefined))
    throw new CliError(
      'USAGE',
      '--dir is for one course',
      `Name it: progy classroom start ${only?.name.full ?? ''} --dir ${options.dir}`,
    );
  const courses = [];
  for (const pinned of chosen) {
    const target = options.dir === undefined ? folderFor(classroom, pinned) : resolve(context.cwd, options.dir);
    const label = `Starting ${pinned.name.full} ${pinned.version}`;
    courses.push(await context.talk.during(label, () => startInClass(classroom, pinned, target, context)));
  }
  return { courses };
}

export const views: Views<ClassStart> = {
  human: ({ courses }) => showClassCourses(courses),
  json: ({ courses }) => ({ courses }),
};

/** @throws {CliError} NOT_IN_A_CLASS for a course that the class does not pin. */
function choose(classroom: ClassFolder, names: readonly string[]): readonly PinnedCourse[] {
  if (names.length === 0) return classroom.courses;
  return names.map((text) => {
    const { name } = parseCourseSpec(text);
    const found = classroom.courses.find((course) => course.name.full === name.full);
    if (found !== undefined) return found;
    const pinned = classroom.courses.map((course) => course.name.full).join(', ');
    throw new CliError('NOT_IN_A_CLASS', `This class does not pin ${name.full}`, `Choose one that it pins: ${pinned}`);
  });
}
