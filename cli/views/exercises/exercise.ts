// Owns how an exercise is named in output.
import { join, relative } from 'node:path';
import type { Exercise } from '../../exercises/exercise.ts';

/** `1.2 The gatekeeper`. */
export function exerciseName({ label, title }: Pick<Exercise, 'label' | 'title'>): string {
  return `${label} ${title}`;
}

/** For --json. */
export function exerciseJson({ id, number, label, title, module, path }: Exercise): object {
  return { id, number, label, title, module, path };
}

/** A path of the course as the person would type it. */
export function shownPath(folder: string, path: string, cwd: string): string {
  return relative(cwd, join(folder, path)) || '.';
}
