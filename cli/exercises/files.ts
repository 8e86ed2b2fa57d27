// Owns the files of one exercise: its README, its hints, and what the student edits.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course } from '@progy/protocol/course/course.ts';
import { Glob } from '@progy/protocol/course/glob.ts';
import { isReadme } from '@progy/protocol/course/outline.ts';
import { type Exercise, entriesOf } from './exercise.ts';

const MAX_FILES = 500;
const MAX_DEPTH = 5;
/** Steps of matching one glob: far more than a sensible one takes. */
const MAX_STEPS = 1_000_000;
/** Bytes that are read of a README or of hints. */
const MAX_TEXT_BYTES = 256 * 1024;

/** Paths from the root of the course, with `/` between their parts. */
export interface ExerciseFiles {
  readonly readme: string | undefined;
  readonly hints: string | undefined;
  /** What the student edits, the main file first. Empty if there is only something to read. */
  readonly toEdit: readonly string[];
}

/** Names of files that the student edits, the surest first. */
const ENTRIES = [/^exercise\.[^.]+$/i, /^main\.[^.]+$/i, /^index\.[^.]+$/i];
const TESTS = /(?:[._-](?:test|spec)s?\.[^.]+$|^tests?[._-])/i;
const MATERIAL =
  /^(?:readme|hints?|solution|answers?|quiz|info|notes|package|seed|course)\.[^.]+$|\.(?:png|jpe?g|gif|svg|webp)$/i;

/** Finds the files of an exercise. */
export async function filesOf(folder: string, course: Course, { path }: Exercise): Promise<ExerciseFiles> {
  const files = await filesBelow(folder, path, MAX_DEPTH);
  const direct = files.filter((file) => !file.slice(path.length + 1).includes('/'));
  return {
    readme: direct.find((file) => isReadme(nameOf(file))),
    hints: direct.find((file) => /^hints?\.md$/i.test(nameOf(file))),
    toEdit: toEdit(files, course),
  };
}

/** The start of a text file. */
export async function readText(folder: string, path: string): Promise<string> {
  const file = await open(join(folder, path));
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_TEXT_BYTES) });
    return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
  } finally {
    await file.close();
  }
}

/** Files below a folder of the course, sorted; at most 500. */
export async function filesBelow(folder: string, path: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const { name, isFolder } of await entriesOf(join(folder, path))) {
    if (!isFolder) files.push(`${path}/${name}`);
    else if (depth > 0) files.push(...(await filesBelow(folder, `${path}/${name}`, depth - 1)));
    if (files.length >= MAX_FILES) break;
  }
  return files.sort().slice(0, MAX_FILES);
}

/** What course.json names in `content.exercises`, or what is called as exercises are, or all that is no material. */
function toEdit(files: readonly string[], course: Course): string[] {
  const ways = [namedBy(course.fields.content?.exercises), ...ENTRIES.map(isNamed), isNoMaterial];
  for (const way of ways) {
    const found = files.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether a file matches a glob that names exercise.js in any folder; no file matches a folder or a list. */
function namedBy(exercises: unknown): (file: string) => boolean {
  if (typeof exercises !== 'string' || !/[*?[{]/.test(exercises)) return () => false;
  const glob = new Glob(exercises.replace(/^\.\//, ''));
  let steps = 0;
  const count = (taken: number) => {
    steps += taken;
  };
  return (file) => steps < MAX_STEPS && !isReadme(nameOf(file)) && glob.matches(file.split('/'), count);
}

function isNamed(pattern: RegExp): (file: string) => boolean {
  return (file) => pattern.test(nameOf(file));
}

function isNoMaterial(file: string): boolean {
  return !TESTS.test(nameOf(file)) && !MATERIAL.test(nameOf(file));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
