// Owns the outline of a course: its modules and exercises with their titles, collected while its files stream past.
import * as z from 'zod';
import type { Course } from './course.ts';
import type { CourseFile } from './course-files.ts';
import { headingOf, spokenName, type TomlTitles, tomlTitles } from './outline-titles.ts';

/** Largest outline in bytes of JSON; what comes later in the course is counted, not listed. */
export const MAX_OUTLINE_BYTES = 64 * 1024;
/** Bytes of a README or info.toml that are read for titles. */
export const TITLE_BYTES = 16 * 1024;
/** Characters of info.toml that are parsed in one course: parsing TOML is slow, and a large course has a few kilobytes. */
const MAX_TOML_LENGTH = 256 * 1024;
/** A course has fewer than 100,000 files. */
const COUNT_DIGITS = 5;
const DEFAULT_CONTENT = 'content';

/** A folder with one exercise. `id` is the folder's name. */
const exerciseSchema = z.object({ id: z.string(), title: z.string() });
const moduleSchema = exerciseSchema.extend({ exerciseCount: z.number(), exercises: z.array(exerciseSchema) });
/** How an outline is written as JSON. */
export const outlineSchema = z.object({
  moduleCount: z.number(),
  exerciseCount: z.number(),
  modules: z.array(moduleSchema),
});

/** A folder of exercises. `exercises` may hold fewer than `exerciseCount`. */
export type OutlineModule = z.infer<typeof moduleSchema>;

/** What a course teaches, in order. `modules` may hold fewer than `moduleCount`. */
export type Outline = z.infer<typeof outlineSchema>;

interface FoundModule {
  heading?: string;
  toml?: TomlTitles | undefined;
  /** Titles of README files by folder. */
  exercises: Map<string, string | undefined>;
}

/** Watches the files of a course, then gives its outline: `<root>/<module>/<exercise>/…`. */
export class OutlineReader {
  readonly #root: string;
  readonly #modules = new Map<string, FoundModule>();
  #tomlRoom = MAX_TOML_LENGTH;

  constructor(course: Course) {
    this.#root = contentFolder(course);
  }

  /** Passes files through unchanged, and reads those that hold titles. */
  async *watch(files: AsyncIterable<CourseFile>): AsyncIterable<CourseFile> {
    for await (const file of files) yield this.#passing(file);
  }

  /** All modules in order. Known once all files were read to their ends. */
  modules(): OutlineModule[] {
    return sortedById([...this.#modules].map(([id, found]) => toModule(id, found)));
  }

  /** Known once all files were read to their ends. Undefined for a course without modules. */
  outline(): Outline | undefined {
    const modules = this.modules();
    if (modules.length === 0) return undefined;
    const exerciseCount = modules.reduce((sum, module) => sum + module.exerciseCount, 0);
    return { moduleCount: modules.length, exerciseCount, modules: fitting(modules) };
  }

  #passing(file: CourseFile): CourseFile {
    const [module, exercise, ...rest] = file.path.startsWith(this.#root)
      ? file.path.slice(this.#root.length).split('/')
      : [];
    if (module === undefined || exercise === undefined) return file;
    const found = this.#moduleAt(module);
    if (rest.length === 0) return this.#inModule(found, file, exercise);
    if (!found.exercises.has(exercise)) found.exercises.set(exercise, undefined);
    if (rest.length > 1 || !isReadme(rest[0])) return file;
    return readingAlong(file, (text) => found.exercises.set(exercise, headingOf(text)));
  }

  #inModule(found: FoundModule, file: CourseFile, name: string): CourseFile {
    if (isReadme(name)) return readingAlong(file, (text) => (found.heading = headingOf(text)));
    if (name === 'info.toml') return readingAlong(file, (text) => (found.toml = this.#tomlTitles(text)));
    return file;
  }

  #tomlTitles(text: string): TomlTitles | undefined {
    this.#tomlRoom -= text.length;
    return this.#tomlRoom < 0 ? undefined : tomlTitles(text);
  }

  #moduleAt(id: string): FoundModule {
    const found = this.#modules.get(id) ?? { exercises: new Map() };
    this.#modules.set(id, found);
    return found;
  }
}

/**
 * The folder that holds the modules of a course, relative to the course, with a slash at its end. Courses for the first
 * Progy have the root `.`, and name the folder in `content.exercises`.
 */
export function contentFolder({ fields }: Course): string {
  const { root = DEFAULT_CONTENT, exercises } = fields.content ?? {};
  if (root !== '.' && root !== './' && root !== '') return rootOf(root);
  return rootOf(typeof exercises === 'string' && !/[*?[{]/.test(exercises) ? exercises : DEFAULT_CONTENT);
}

/** `lessons/en/` for `./lessons/en`. */
function rootOf(folder: string): string {
  const parts = folder.split('/');
  const first = parts[0] === '.' && parts.length > 1 ? 1 : 0;
  const last = parts.findLastIndex((part) => part !== '');
  return `${parts.slice(first, last + 1).join('/')}/`;
}

/** Whether a file is what its folder is about. */
export function isReadme(name: string | undefined): boolean {
  return name?.toLowerCase() === 'readme.md';
}

/** The same file; passes the start of its text to `use` once it has been read. */
function readingAlong(file: CourseFile, use: (text: string) => void): CourseFile {
  return { ...file, content: copying(file.content, use) };
}

async function* copying(content: AsyncIterable<Uint8Array>, use: (text: string) => void): AsyncIterable<Uint8Array> {
  const start = new Uint8Array(TITLE_BYTES);
  let size = 0;
  for await (const piece of content) {
    const part = piece.subarray(0, TITLE_BYTES - size);
    start.set(part, size);
    size += part.length;
    yield piece;
  }
  use(new TextDecoder().decode(start.subarray(0, size)));
}

/** Titles come first from info.toml, then from the READMEs, then from the folder names. */
function toModule(id: string, { heading, toml, exercises }: FoundModule): OutlineModule {
  const listed = [...exercises].map(([folder, title]) => ({
    id: folder,
    title: toml?.exercises.get(folder) ?? title ?? spokenName(folder),
  }));
  return {
    id,
    title: toml?.module ?? heading ?? spokenName(id),
    exerciseCount: listed.length,
    exercises: sortedById(listed),
  };
}

/** Made once: making one is most of what a comparison costs. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** `2_loops` before `10_files`. */
function sortedById<T extends { id: string }>(entries: T[]): T[] {
  return entries.sort((a, b) => compare(a.id, b.id) || (a.id < b.id ? -1 : 1));
}

/** As many modules and exercises as fit into an outline. */
function fitting(modules: readonly OutlineModule[]): OutlineModule[] {
  let room = MAX_OUTLINE_BYTES - bytesOf({ moduleCount: 0, exerciseCount: 0, modules: [] }) - 2 * COUNT_DIGITS;
  const takes = (entry: object) => {
    room -= bytesOf(entry);
    return room >= 0;
  };
  const listed: OutlineModule[] = [];
  for (const module of modules) {
    if (!takes({ ...module, exercises: [] })) break;
    listed.push({ ...module, exercises: takeWhile(module.exercises, takes) });
  }
  return listed;
}

/** With a comma after it. */
function bytesOf(entry: object): number {
  return new TextEncoder().encode(JSON.stringify(entry)).length + 1;
}

function takeWhile<T>(entries: readonly T[], takes: (entry: T) => boolean): T[] {
  const end = entries.findIndex((entry) => !takes(entry));
  return end < 0 ? [...entries] : entries.slice(0, end);
}
