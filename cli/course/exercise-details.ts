// Owns what authors say of an exercise besides its title: a stable id and hints, in info.toml or course.json.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course } from '@progy/protocol/course/course.ts';
import { entriesOf, readToml } from '@progy/protocol/course/lenient-toml.ts';
import { contentFolder } from '@progy/protocol/course/outline.ts';
import * as z from 'zod';

export interface ExerciseDetails {
  readonly id: string | undefined;
  readonly hints: readonly string[];
}

const MAX_TOML_BYTES = 256 * 1024;
const MAX_ID = 200;
const MAX_HINTS = 50;

const hintsSchema = z
  .union([z.string().transform((hint) => [hint]), z.array(z.string())])
  .transform((hints) => hints.filter((hint) => hint.trim() !== '').slice(0, MAX_HINTS));

const detailsSchema = z
  .looseObject({
    id: z.string().min(1).max(MAX_ID).optional().catch(undefined),
    hint: hintsSchema.optional().catch(undefined),
    hints: hintsSchema.optional().catch(undefined),
  })
  .transform(({ id, hint, hints }): ExerciseDetails => ({ id, hints: hints ?? hint ?? [] }));

/** `content.exercises` as a list: each entry names its exercise by path. */
const listedSchema = z.array(z.looseObject({ path: z.string() }).catch({ path: '' }));

/**
 * What info.toml says of the exercises of each module (`[exercises.02_loops]` or `02_loops = { … }`, with `id`, `hint` or
 * `hints`), and before that what course.json says in `content.exercises`: a list of `{ path, id, hints }`, or an object of
 * `{ id, hints }` by path. A path is `module/exercise`, with or without the content folder before it.
 * @param modules names of their folders.
 * @returns details by `module/exercise`.
 */
export async function readDetails(
  folder: string,
  course: Course,
  modules: readonly string[],
): Promise<ReadonlyMap<string, ExerciseDetails>> {
  const inModules = await Promise.all(modules.map((module) => tomlDetails(folder, course, module)));
  return new Map([...inModules.flat(), ...courseDetails(course)]);
}

type Named = [path: string, details: ExerciseDetails];

async function tomlDetails(folder: string, course: Course, module: string): Promise<Named[]> {
  const toml = await readFile(join(folder, contentFolder(course), module, 'info.toml'), 'utf8').catch(() => '');
  const { exercises } = readToml(toml.slice(0, MAX_TOML_BYTES));
  return entriesOf(exercises).flatMap(([name, value]) => named(`${module}/${name}`, value));
}

function courseDetails(course: Course): Named[] {
  const { exercises } = course.fields.content ?? {};
  const listed = listedSchema.safeParse(exercises).data?.map((entry): [string, unknown] => [entry.path, entry]);
  const entries = listed ?? Object.entries(z.record(z.string(), z.unknown()).safeParse(exercises).data ?? {});
  return entries.flatMap(([path, value]) => named(withoutContent(path, course), value));
}

function withoutContent(path: string, course: Course): string {
  const content = contentFolder(course);
  const parts = path.normalize('NFC').split(/[/\\]/);
  const plain = parts.filter((part) => part !== '' && part !== '.').join('/');
  return plain.startsWith(content) ? plain.slice(content.length) : plain;
}

/** Nothing for what is no table: a string in info.toml is a title. */
function named(path: string, value: unknown): Named[] {
  const details = detailsSchema.safeParse(value).data;
  return details === undefined ? [] : [[path, details]];
}
