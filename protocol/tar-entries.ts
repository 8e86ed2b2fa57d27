// Owns taking a tar apart with tar-stream: entries one after the other, and its errors in our words.
import { extract, type Header } from 'tar-stream';
import type { Unsound } from './archive-error.ts';
import { Drainable } from './drainable.ts';
import { pump } from './pump.ts';

/** One entry. The next one comes only after `content` has been read or drained. */
export interface TarEntry {
  readonly header: Header;
  readonly content: Drainable;
}

/**
 * The entries of a tar, in order. Errors of the source pass unchanged.
 * @throws {RegistryError} INVALID_ARTIFACT for what is not a tar, here or while a content is read.
 */
export async function* tarEntries(tar: AsyncIterable<Uint8Array>, unsound: Unsound): AsyncIterable<TarEntry> {
  let sourceError: unknown;
  const noting = (error: unknown) => {
    sourceError = error;
    return error;
  };
  const explaining = (error: unknown) =>
    error === sourceError ? error : unsound('is not a tar that can be read', undefined, error);
  const extraction = extract();
  // The iteration below is where an error of the source comes out.
  pump(translated(tar, noting), extraction).catch((error: Error) => extraction.destroy(error));
  try {
    for await (const entry of translated(extraction, explaining)) {
      const pieces = entry as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
      yield { header: entry.header, content: new Drainable(translated(pieces, explaining)) };
    }
  } finally {
    extraction.destroy();
  }
}

async function* translated<T>(source: AsyncIterable<T>, translate: (error: unknown) => unknown): AsyncIterable<T> {
  try {
    yield* source;
  } catch (error) {
    throw translate(error);
  }
}
