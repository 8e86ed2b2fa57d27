// Owns what an exercise of a course on disk is, and reading all of them in course order.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CourseFile, isNeverPacked, pathProblem } from '@progy/protocol/course/course-files.ts';
import { contentFolder, isReadme, OutlineReader, TITLE_BYTES } from '@progy/protocol/course/outline.ts';
import { type ExerciseDetails, readDetails } from '../course/exercise-details.ts';
import type { WorkingCourse } from './working-course.ts';

/** One exercise in a folder of its own. */
export interface Exercise {
  /** What progress is kept under: the author's id, or else `module/exercise`. Never changes when titles do. */
  readonly id: string;
  /** Its place in the whole course, from 1. */
  readonly number: number;
  /** Its place in its module: `1.2`. */
  readonly label: string;
  readonly title: string;
  /** Name of the module's folder. */
  readonly module: string;
  /** Name of its own folder. */
  readonly name: string;
  /** Path of its folder from the root of the course, with `/` between its parts. */
  readonly path: string;
  /** From info.toml and course.json. */
  readonly hints: readonly string[];
}

/** Exercises that belong together. */
export interface Module {
  /** Name of its folder. */
  readonly name: string;
  readonly title: string;
  readonly exercises: readonly Exercise[];
}

/** What programs leave in folders of exercises. */
const LEFTOVERS = new Set(['__pycache__', 'target']);

/** The name of a folder without the number in front: `moving_a_book` for `content/01_ownership/01_moving_a_book`. */
export function nameWithoutNumber(path: string): string {
  const folder = path.slice(path.lastIndexOf('/') + 1);
  return folder.replace(/^\d+[\s._-]*/, '') || folder;
}

/** The modules of a course in order, found and titled by the same rules as the outline that a registry shows. */
export async function readModules({ folder, course }: WorkingCourse): Promise<Module[]> {
  const reader = new OutlineReader(course);
  const content = contentFolder(course);
  for await (const file of reader.watch(filesWithTitles(folder, content))) await readToEnd(file);
  const outline = reader.modules();
  const details = await readDetails(
    folder,
    course,
    outline.map(({ id }) => id),
  );
  const ids = new Set<string>();
  let number = 0;
  return outline.map(({ id: module, title, exercises }, index) => ({
    name: module,
    title,
    exercises: exercises.map(({ id: name, title }, place) => {
      const found = details.get(`${module}/${name}`);
      const id = freeId(`${module}/${name}`, found, ids);
      const label = `${index + 1}.${place + 1}`;
      return {
        id,
        number: ++number,
        label,
        title,
        module,
        name,
        path: `${content}${module}/${name}`,
        hints: found?.hints ?? [],
      };
    }),
  }));
}

/** All exercises of some modules, in order. */
export function exercisesIn(modules: readonly Module[]): Exercise[] {
  return modules.flatMap(({ exercises }) => exercises);
}

/** An id that two exercises claim belongs to the first. */
function freeId(path: string, details: ExerciseDetails | undefined, taken: Set<string>): string {
  const wanted = details?.id;
  const id = wanted !== undefined && !taken.has(wanted) ? wanted : path;
  taken.add(id);
  return id;
}

/** One file or more of each exercise, with content where a title may be. */
async function* filesWithTitles(folder: string, content: string): AsyncIterable<CourseFile> {
  // course.json may name any place, but the content of a course is in it.
  if (pathProblem(content.slice(0, -1)) !== undefined) return;
  for (const module of await entriesOf(join(folder, content))) {
    if (!module.isFolder) continue;
    for (const { name, isFolder } of await entriesOf(join(folder, content, module.name))) {
      const path = `${content}${module.name}/${name}`;
      if (!isFolder) yield courseFile(folder, path);
      else for (const inside of await entriesOf(join(folder, path))) yield courseFile(folder, `${path}/${inside.name}`);
    }
  }
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Files and folders that may belong to a course; nothing for a folder that is not there. */
export async function entriesOf(folder: string): Promise<Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .map((entry) => ({ name: entry.name.normalize('NFC'), isFolder: entry.isDirectory() }))
    .filter(({ name }) => !name.startsWith('.') && !isNeverPacked(name) && !LEFTOVERS.has(name));
}

function courseFile(folder: string, path: string): CourseFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const hasTitle = isReadme(name) || name === 'info.toml';
  return { path, mode: '100644', size: 0, content: hasTitle ? startOf(join(folder, path)) : nothing() };
}

async function* startOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path, { end: TITLE_BYTES - 1 });
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function readToEnd({ content }: CourseFile): Promise<void> {
  for await (const _ of content);
}
