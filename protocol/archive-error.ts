// Owns the errors about archives: what is wrong, with which of its paths, in one sentence.
import { RegistryError } from './errors.ts';
import { quote } from './quote.ts';

/** Makes the error for an invalid archive. `problem` continues a sentence: "ends too soon". */
export type Unsound = (problem: string, path?: string, cause?: unknown) => RegistryError;

/**
 * Makes INVALID_ARTIFACT errors for one kind of archive, with `problem` and, if it is about an entry, its `path` (escaped).
 * @param archive what to call it: "The .progy file".
 */
export function unsoundArchive(archive: string): Unsound {
  return (problem, path, cause) => {
    const options = cause === undefined ? undefined : { cause };
    if (path === undefined) return new RegistryError('INVALID_ARTIFACT', `${archive} ${problem}`, { problem }, options);
    const shown = quote(path);
    return new RegistryError(
      'INVALID_ARTIFACT',
      `${archive}: "${shown}" ${problem}`,
      { path: shown, problem },
      options,
    );
  };
}

/** The error PAYLOAD_TOO_LARGE for one limit, with `found` and `limit` in the same unit. */
export function overLimit(what: string, found: number, limit: number): RegistryError {
  return new RegistryError('PAYLOAD_TOO_LARGE', `The course has ${found} ${what}; ${limit} are allowed`, {
    found,
    limit,
  });
}
