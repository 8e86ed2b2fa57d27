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

/**
 * Begins to download an exact version of a course from its usual address, without waiting for the registry's answer.
 * Nothing of it may be used before `take`.
 * @param open returns a source that a signal aborts.
 */
export function beginDownload(
  open: (signal: AbortSignal) => CourseSource,
  address: TarballAddress,
  version: string,
  { temporary, signal }: Place,
): EarlyDownload {
  const given = new AbortController();
  const either = AbortSignal.any([signal, given.signal]);
  const coming = receive(open(either), address, { name: address.name, version }, { temporary, signal: either });
  const arrived = coming.catch(() => undefined);
  return {
    async take(course) {
      if (course.resolved !== address.resolved || course.version !== version) given.abort();
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
