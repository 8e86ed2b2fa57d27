// Owns which folders of a course are exercises, and what each is known by when its author moves it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { parse, TomlError, type TomlTable } from 'smol-toml';

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

/** How deep values in an info.toml may nest, and how many characters are read. */
const MAX_TOML_DEPTH = 32;
const MAX_TOML_LENGTH = 64 * 1024;

/** The exercises of a course, `<root>/<module>/<exercise>/…`, as its outline lists them. */
export async function exerciseFolders(course: CourseTree): Promise<ExerciseFolder[]> {
  const { fields } = parseCourse(await readFile(join(course.folder, COURSE_JSON)));
  const root = (fields.content?.root ?? 'content').replace(/^\.\//, '').replace(/\/$/, '');
  const depth = root.split('/').length + 2;
  const folders = new Set(course.files.flatMap(({ path }) => folderAt(path, root, depth)));
  const ids = idsInCourseJson(fields.content?.exercises);
  for (const { path } of course.files) {
    if (path.startsWith(`${root}/`) && path.endsWith('/info.toml')) await addIdsOfModule(ids, course.folder, path);
  }
  return [...folders].map((path) => ({ path, id: ids.get(path), name: nameOf(path) }));
}

function folderAt(path: string, root: string, depth: number): string[] {
  const parts = path.split('/');
  return path.startsWith(`${root}/`) && parts.length > depth ? [parts.slice(0, depth).join('/')] : [];
}

/** `moving_a_book` for `content/01_ownership/01_moving_a_book`. */
function nameOf(path: string): string {
  const folder = path.slice(path.lastIndexOf('/') + 1);
  return folder.replace(/^\d+[\s._-]*/, '') || folder;
}

/** `content.exercises` may be a list of `{ "id": …, "path": … }`. */
function idsInCourseJson(exercises: unknown): Map<string, string> {
  const listed: unknown[] = Array.isArray(exercises) ? exercises : [];
  const pairs = listed.flatMap((entry): [string, string][] => {
    const { id, path } = Object(entry) as Record<'id' | 'path', unknown>;
    return typeof id === 'string' && typeof path === 'string'
      ? [[path.replace(/^\.\//, '').replace(/\/$/, ''), id]]
      : [];
  });
  return new Map(pairs);
}

/** `[exercises.<folder>]` of a module's info.toml may have an `id`. */
async function addIdsOfModule(ids: Map<string, string>, folder: string, path: string): Promise<void> {
  const { exercises } = tomlOrNothing(await readFile(join(folder, path), 'utf8'));
  const module = path.slice(0, -'info.toml'.length);
  for (const [name, entry] of Object.entries(Object(exercises) as Record<string, unknown>)) {
    const { id } = Object(entry) as { id?: unknown };
    if (typeof id === 'string') ids.set(module + name, id);
  }
}

/** An author's mistake in a title must not keep a student from updating. */
function tomlOrNothing(text: string): TomlTable {
  try {
    return text.length > MAX_TOML_LENGTH ? {} : parse(text, { maxDepth: MAX_TOML_DEPTH });
  } catch (error) {
    if (error instanceof TomlError) return {};
    throw error;
  }
}
