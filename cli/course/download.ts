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
  /** Absolute path of the folder to make others in. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

/** A download that began before the registry had told what to expect. */
export interface EarlyDownload {
  /**
   * The course, if what came early is what the registry then told of. Undefined if it is something else or nothing, for
   * whatever reason: then it is downloaded again, and that tells what is wrong.
   */
  take(course: ResolvedCourse): Promise<DownloadedCourse | undefined>;
  /** Gives it up, and waits until nothing writes any more. */
  stop(): Promise<void>;
}

/**
 * Downloads a course into a new folder.
 * @throws what the source and unpacking throw; then no folder is left of it.
 */
export async function downloadCourse(
  source: CourseSource,
  course: ResolvedCourse,
  place: Place,
): Promise<DownloadedCourse> {
  return (await receive(source, course, course, place)).value;
}

/**
 * Begins to download a course of an exact version, from where registries keep it: there is nothing to wait for.
 * Nothing of it may be used before `take`.
 * @param open gives a source that ends with a signal.
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
    // A folder like others: that of mkdtemp is closed to everybody else.
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
