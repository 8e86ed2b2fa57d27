// Owns which exercise a person means: by number, name, id, path, a part of its title, or the folder they are in.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import { count } from '../terminal/format.ts';
import type { Exercise } from './exercise.ts';

/** Candidates that are listed when several exercises are meant. */
const SHOWN = 8;

/** Where the person is. */
export interface Place {
  /** Absolute path of the course's root. */
  readonly folder: string;
  /** Absolute path of the working folder. */
  readonly cwd: string;
}

/**
 * The exercise that words mean, tried in this order: a number (`3` in the course, `1.2` in a module), an id or
 * `module/exercise`, the name of a folder, a path to it or into it, a part of a title or of a folder's name.
 * @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS.
 */
export function chooseExercise(words: string, exercises: readonly Exercise[], place: Place): Exercise {
  const ways = [byNumber, byId, byName, byPath(place), byPart];
  for (const way of ways) {
    const found = exercises.filter((exercise) => way(exercise, words));
    if (found.length > 1) throw ambiguous(words, found);
    if (found[0] !== undefined) return found[0];
  }
  throw notFound(words, exercises);
}

/** The exercise whose folder a person is in, if any. */
export function exerciseAround(exercises: readonly Exercise[], { folder, cwd }: Place): Exercise | undefined {
  return exercises.find(({ path }) => isInside(cwd, resolve(folder, path)));
}

function byNumber({ number, label }: Exercise, words: string): boolean {
  return words === label || (/^\d{1,6}$/.test(words) && Number(words) === number);
}

function byId({ id, module, name }: Exercise, words: string): boolean {
  return words === id || words === `${module}/${name}`;
}

function byName({ name }: Exercise, words: string): boolean {
  return words === name;
}

function byPath({ folder, cwd }: Place): (exercise: Exercise, words: string) => boolean {
  return ({ path }, words) => {
    const target = resolve(folder, path);
    return isInside(resolve(cwd, words), target) || isInside(resolve(folder, words), target);
  };
}

function byPart({ title, name }: Exercise, words: string): boolean {
  const wanted = fold(words.trim());
  // A number that no exercise has is in the names of most.
  return wanted !== '' && !/^[\d.]+$/.test(wanted) && (fold(title).includes(wanted) || fold(name).includes(wanted));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function ambiguous(words: string, found: readonly Exercise[]): CliError {
  const shown = found.slice(0, SHOWN).map(({ label, title }) => `${label} ${quote(title)}`);
  const more = found.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return new CliError('EXERCISE_AMBIGUOUS', `"${quote(words)}" can mean ${count(found.length, 'exercise')}: ${list}`);
}

function notFound(words: string, exercises: readonly Exercise[]): CliError {
  const there = exercises.length === 0 ? 'This course has no exercises' : `No exercise is "${quote(words)}"`;
  return new CliError('EXERCISE_NOT_FOUND', there);
}
