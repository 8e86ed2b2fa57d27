// Owns what a merge gives, whoever makes it.
import { extname } from 'node:path';
import type { Entry } from '../../student/transition/entry.ts';

/** Why a student has to decide. */
export type ConflictKind = 'both-changed' | 'both-added' | 'removed-by-course' | 'removed-by-you';

export interface Conflict {
  readonly path: string;
  readonly kind: ConflictKind;
}

/** The course's file beside the student's, where the two cannot be one. */
export interface KeptBoth {
  /** The student's. */
  readonly path: string;
  /** The course's. */
  readonly beside: string;
}

export interface Merged {
  /** What paths will hold that change. */
  readonly files: ReadonlyMap<string, Entry>;
  readonly conflicts: readonly Conflict[];
  readonly keptBoth: readonly KeptBoth[];
}

/** The label of the student's side of a conflict. */
export const YOURS = 'your work';

/** The label of the course's side. */
export function labelOfCourse(version: string): string {
  return `course ${version}`;
}

/** A free path beside a file for the course's own: `map.course-1.1.0.png` for `map.png`. */
export function pathBeside(path: string, version: string, isTaken: (path: string) => boolean): string {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let number = 1; ; number++) {
    const free = `${stem}.course-${version}${number === 1 ? '' : `-${number}`}${extension}`;
    if (!isTaken(free)) return free;
  }
}
