// Owns getting a course into a folder: unpacked while it comes, each try in a folder of its own.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Received } from '../network/tarball-bytes.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import type { CourseSource, TarballAddress } from '../registry/source.ts';
import { type Copy, checkTree, type ExpectedCourse, type UnpackedCourse, unpackCourse } from './unpack.ts';

/** Follows what is unpacked into a folder. */
export interface Follower extends Copy {
  /** Ends it, and waits until it writes no more. */
  abandon(): Promise<void>;
}

export interface DownloadedCourse<F extends Follower> extends UnpackedCourse {
  /** Absolute. */
  readonly folder: string;
  /** Has been told all files. Whoever gets it ends it. */
  readonly follower: F;
}

/** Where and how long to download. */
export interface Place<F extends Follower> {
  /** Absolute path of the folder in which to create others. */
  readonly temporary: string;
  readonly signal: AbortSignal;
  /** Begins to follow a folder, which is empty. */
  follow(folder: string): F;
}

/** A download that began before the registry had said what to expect. */
export interface EarlyDownload<F extends Follower> {
  /**
   * The course, if the early download is what the registry then announced. Undefined for any difference or failure: then
   * it is downloaded again, and that attempt reports what is wrong.
   */
  take(course: ResolvedCourse): Promise<DownloadedCourse<F> | undefined>;
  /** Cancels it unless it was taken, and waits until nothing writes any more. */
  stop(): Promise<void>;
}

/**
 * Downloads a course into a new folder.
 * @throws what the source and unpacking throw; then its folder is removed.
 */
export async function downloadCourse<F extends Follower>(
  source: CourseSource,
  course: ResolvedCourse,
  place: Place<F>,
): Promise<DownloadedCourse<F>> {
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
export function beginDownload<F extends Follower>(
  guessing: Promise<Guess | undefined>,
  open: (signal: AbortSignal) => CourseSource,
  place: Place<F>,
): EarlyDownload<F> {
  const { signal } = place;
  const given = new AbortController();
  const either = AbortSignal.any([signal, given.signal]);
  const download = async ({ address, version }: Guess) => {
    const expected = { name: address.name, version };
    return receive(open(either), address, expected, { ...place, signal: either });
  };
  let isTaken = false;
  const arrived = guessing.then((guess) => guess && download(guess)).catch(() => undefined);
  return {
    async take(course) {
      const guess = await guessing.catch(() => undefined);
      if (course.resolved !== guess?.address.resolved || course.version !== guess.version) given.abort();
      const received = await arrived;
      signal.throwIfAborted();
      if (received === undefined || !course.integrity.split(' ').includes(received.integrity)) return undefined;
      checkTree(received.value.tree, course);
      isTaken = true;
      return received.value;
    },
    async stop() {
      given.abort();
      const received = await arrived;
      if (!isTaken) await received?.value.follower.abandon();
    },
  };
}

/** Each try gets a folder and a follower of its own. Those of tries that came to nothing are ended. */
async function receive<F extends Follower>(
  source: CourseSource,
  address: TarballAddress,
  expected: ExpectedCourse,
  place: Place<F>,
): Promise<Received<DownloadedCourse<F>>> {
  const followers = new Set<F>();
  try {
    const received = await source.receive(address, (bytes) => unpackInto(place, bytes, expected, followers));
    followers.delete(received.value.follower);
    return received;
  } finally {
    await Promise.all(Array.from(followers, (follower) => follower.abandon()));
  }
}

async function unpackInto<F extends Follower>(
  { temporary, signal, follow }: Place<F>,
  bytes: AsyncIterable<Uint8Array>,
  expected: ExpectedCourse,
  followers: Set<F>,
): Promise<DownloadedCourse<F>> {
  const place = await mkdtemp(join(temporary, 'try-'));
  // A folder with the usual permissions: mkdtemp closes its own to everybody else.
  const folder = join(place, 'course');
  await mkdir(folder);
  const follower = follow(folder);
  followers.add(follower);
  try {
    return { folder, follower, ...(await unpackCourse(bytes, folder, expected, { signal, copy: follower })) };
  } catch (error) {
    await follower.abandon();
    await rm(place, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}
