// Owns which folders of a course are exercises, and what each is known by when its author moves it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { contentFolder } from '@progy/protocol/course/outline.ts';
import { readDetails } from './exercise-details.ts';

/** A course in a folder, and the paths of its files. */
export interface CourseTree {
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly { readonly path: string }[];
}

export interface ExerciseFolder {
  /** Relative to the course, with slashes. */
  readonly path: string;
  /** What its author calls it by: `id` in info.toml or course.json. */
  readonly id: string | undefined;
  /** The folder's name without the number in front. */
  readonly name: string;
}

/** The exercises of a course, `<content>/<module>/<exercise>/…`, as its outline lists them. */
export async function exerciseFolders({ folder, files }: CourseTree): Promise<ExerciseFolder[]> {
  const course = parseCourse(await readFile(join(folder, COURSE_JSON)));
  const content = contentFolder(course);
  const places = new Set(files.flatMap(({ path }) => placeOf(path, content)));
  const modules = new Set([...places].map((place) => place.slice(0, place.indexOf('/'))));
  const details = await readDetails(folder, course, [...modules]);
  return [...places].map((place) => ({ path: content + place, id: details.get(place)?.id, name: nameOf(place) }));
}

/** `module/exercise`, for a file in an exercise. */
function placeOf(path: string, content: string): string[] {
  const parts = path.startsWith(content) ? path.slice(content.length).split('/') : [];
  return parts.length > 2 ? [parts.slice(0, 2).join('/')] : [];
}

/** The name of a folder without the number in front: `moving_a_book` for `content/01_ownership/01_moving_a_book`. */
export function nameOf(path: string): string {
  const folder = path.slice(path.lastIndexOf('/') + 1);
  return folder.replace(/^\d+[\s._-]*/, '') || folder;
}
