// Owns the hints of an exercise: from info.toml or course.json, then from its hints.md.
import type { Exercise } from './exercise.ts';
import { type ExerciseFiles, readText } from './files.ts';

const MAX_HINTS = 100;

/** All hints in order, as Markdown. */
export async function hintsFor(folder: string, { hints }: Exercise, files: ExerciseFiles): Promise<string[]> {
  const written = files.hints === undefined ? [] : splitHints(await readText(folder, files.hints));
  return [...hints, ...written].slice(0, MAX_HINTS);
}

/**
 * The hints in one text: each begins with a heading, or after a line of dashes. What stands before the first heading is one
 * too, unless it is only the title of the page.
 */
export function splitHints(markdown: string): string[] {
  const hints: string[][] = [[]];
  let isCode = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^ {0,3}(?:```|~~~)/.test(line)) isCode = !isCode;
    if (isCode) hints.at(-1)?.push(line);
    else if (/^-{3,}[ \t]*$/.test(line)) hints.push([]);
    else if (/^#{1,6}[ \t]/.test(line)) hints.push([line]);
    else hints.at(-1)?.push(line);
  }
  return hints.map((lines) => lines.join('\n').trim()).filter((hint) => hint !== '' && !isOnlyHeading(hint));
}

function isOnlyHeading(hint: string): boolean {
  return hint.startsWith('#') && !hint.includes('\n');
}
