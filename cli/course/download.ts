// Owns getting a course into a folder: unpacked while it comes, each try in a folder of its own.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CourseSource, ResolvedCourse, TarballAddress } from '../registry/source.ts';
import { checkTree, type ExpectedCourse, type UnpackedCourse, unpackCourse } from './unpack.ts';

export interface DownloadedCourse extends UnpackedCourse {
  /** Absolute. */
  readonly folder: string;
}

/** Where and how long to download. */
export interface Place {
  /** Absolute path of the folder in which to create others. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

/** A download that began before the registry had said what to expect. */
export interface EarlyDownload {
  /**
   * The course, if the early download is what the registry then announced. Undefined for any difference or failure: then
   * it is downloaded again, and that attempt reports what is wrong.
   */
  take(course: ResolvedCourse): Promise<DownloadedCourse | undefined>;
  /** Cancels it, and waits until nothing writes any more. */
  stop(): Promise<void>;
}

/**
 * Downloads a course into a new folder.
 * @throws what the source and unpacking throw; then its folder is removed.
 */
export async function downloadCourse(
  source: CourseSource,
  course: ResolvedCourse,
  place: Place,
): Promise<DownloadedCourse> {
  return (await receive(source, course, course, place)).value;
}

/** What the registry will probably answer. */
export interface Guess {
  readonly address: TarballAddress;
  readonly version: string;
}

/**
 * Begins to download the version that the registry will probably answer with. Nothing of it may be used before `take`.
 * @param guessing resolves to undefined if nothing can be guessed.
 * @param open returns a source that a signal aborts.
 */
export function beginDownload(
  guessing: Promise<Guess | undefined>,
  open: (signal: AbortSignal) => CourseSource,
  { temporary, signal }: Place,
): EarlyDownload {
  const given = new AbortController();
  const either = AbortSignal.any([signal, given.signal]);
  const download = async ({ address, version }: Guess) => {
    const expected = { name: address.name, version };
    return receive(open(either), address, expected, { temporary, signal: either });
  };
  const arrived = guessing.then((guess) => guess && download(guess)).catch(() => undefined);
  return {
    async take(course) {
      const guess = await guessing.catch(() => undefined);
      if (course.resolved !== guess?.address.resolved || course.version !== guess.version) given.abort();
      const received = await arrived;
      signal.throwIfAborted();
      if (received === undefined || !course.integrity.split(' ').includes(received.integrity)) return undefined;
      checkTree(received.value.tree, course);
      return received.value;
    },
    async stop() {
      given.abort();
      await arrived;
    },
  };
}

function receive(
  source: CourseSource,
  address: TarballAddress,
  expected: ExpectedCourse,
  { temporary, signal }: Place,
) {
  return source.receive(address, async (bytes): Promise<DownloadedCourse> => {
    const place = await mkdtemp(join(temporary, 'try-'));
    // A folder with the usual permissions: mkdtemp closes its own to everybody else.
    const folder = join(place, 'course');
    try {
      await mkdir(folder);
      return { folder, ...(await unpackCourse(bytes, folder, expected, signal)) };
    } catch (error) {
      await rm(place, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
  });
}
