// Owns reading a tarball with tar-stream: one entry after the other, with its errors as ours.
import { extract, type Header } from 'tar-stream';
import type { Unsound } from '../archive-error.ts';
import { Drainable } from '../bytes/drainable.ts';
import { InflateError, type Platform } from '../bytes/platform.ts';
import { pump } from '../bytes/pump.ts';
import { LIMITS } from '../course/course-files.ts';
import { MAX_FILE_LIST_BYTES } from './file-list.ts';

/** The most bytes that tar adds to a file: two headers, a path of 1,024 bytes and more, and padding. */
const TAR_BYTES_PER_FILE = 4 * 1024;
const MAX_TAR_BYTES = LIMITS.unpackedBytes + LIMITS.files * TAR_BYTES_PER_FILE + 2 * MAX_FILE_LIST_BYTES;

/** One entry. The next one comes only after `content` has been read or drained. */
export interface TarEntry {
  readonly header: Header;
  readonly content: Drainable;
}

/**
 * The entries of a gzipped tar, in order. Errors of the source pass unchanged.
 * @throws {RegistryError} INVALID_ARTIFACT for an invalid tarball, here or while a content is read.
 */
export function tarballEntries(
  source: AsyncIterable<Uint8Array>,
  platform: Platform,
  unsound: Unsound,
): AsyncIterable<TarEntry> {
  return tarEntries(gunzipped(source, platform, unsound), unsound);
}

async function* gunzipped(
  source: AsyncIterable<Uint8Array>,
  platform: Platform,
  unsound: Unsound,
): AsyncIterable<Uint8Array> {
  try {
    yield* platform.gunzip(source, MAX_TAR_BYTES);
  } catch (error) {
    throw error instanceof InflateError ? unsound(`is not sound gzip: it is ${error.reason}`, undefined, error) : error;
  }
}

async function* tarEntries(tar: AsyncIterable<Uint8Array>, unsound: Unsound): AsyncIterable<TarEntry> {
  let sourceError: unknown;
  const noting = (error: unknown) => {
    sourceError = error;
    return error;
  };
  const explaining = (error: unknown) =>
    error === sourceError ? error : unsound('is not a tar file, or is damaged', undefined, error);
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
