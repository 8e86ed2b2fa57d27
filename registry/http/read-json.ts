// Owns reading small JSON bodies.
import type { AppContext } from '../app-env.ts';
import { readText } from './read-text.ts';

/**
 * The JSON of a body, or undefined if it is not JSON: the caller says what it expected.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE: before any of it is read, or, without a Content-Length, as soon as it is too long.
 */
export async function readJson(c: AppContext, maxBytes: number): Promise<unknown> {
  return parseJson(await readText(c, maxBytes));
}

/** The JSON of a text, or undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
