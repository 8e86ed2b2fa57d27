// Owns the placeholders of a runner's words: what of an exercise stands in their place.
import { CliError } from '../cli-error.ts';

/** Where a runner finds an exercise. */
export interface Places {
  /** `{{exercise}}`: its folder, from the root of the course: `content/01_intro/02_loops`. */
  readonly exercise: string;
  /** `{{id}}`: module and exercise: `01_intro/02_loops`. */
  readonly id: string;
  /** `{{module}}`: the folder of its module: `01_intro`. */
  readonly module: string;
  /** `{{dir}}`: its folder, absolute. */
  readonly dir: string;
  /** `{{file}}`: the file that the student edits, absolute; undefined if there is none. */
  readonly file: string | undefined;
}

/**
 * A word with every placeholder filled in. It stays one word, whatever is in a path.
 * @throws {CliError} RUNNER_INVALID for `{{file}}` where the exercise has no file to edit.
 */
export function fillIn(word: string, places: Places): string {
  return word.replace(/\{\{(exercise|id|module|dir|file)\}\}/g, (_, name: keyof Places) => {
    const place = places[name];
    if (place === undefined) throw new CliError('RUNNER_INVALID', `The exercise has no file to edit for {{${name}}}`);
    return place;
  });
}
