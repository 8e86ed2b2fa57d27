// Owns what it is to start a program: its words, where, and how that is shown to a person.
import { isAbsolute, relative, sep } from 'node:path';
import { shellWord } from '../terminal/format.ts';

/** A program to start. */
export interface Step {
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]];
  /** Absolute path of the folder to start it in. */
  readonly cwd: string;
  /** Variables besides those of the person. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Plan {
  /** What has to succeed first, such as building an image. */
  readonly before: readonly Step[];
  /** What says whether the exercise is solved. */
  readonly test: Step;
  /** What is started at the end in any case, such as removing a container. */
  readonly after: readonly Step[];
}

/** A step as a person would type it in the folder of the course. */
export function shownStep({ words, cwd, env }: Step, folder: string): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const [program, ...args] = words;
  const shownProgram = isInside(program, folder) ? `./${slashed(relative(folder, program))}` : program;
  const line = [...variables, ...[shownProgram, ...args].map(shellWord)].join(' ');
  return cwd === folder ? line : `${line}   (in ${slashed(relative(folder, cwd))})`;
}

/** Whether a path is below a folder; both are absolute. */
export function isInside(path: string, folder: string): boolean {
  if (!isAbsolute(path)) return false;
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}
