// Owns passing on the bytes of a tarball as they arrive, and checking at the end that they are the promised ones.
import { toBase64 } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo, LIMITS } from '@progy/protocol/course/course-files.ts';
import { orAborted } from './or-aborted.ts';

/** Bytes of a tarball. Streams of cacache can fail while nobody listens; what they say as an event counts too. */
export type TarballStream = AsyncIterable<Uint8Array> & {
  on?(event: 'error', listener: (error: unknown) => void): unknown;
};

/** Processes bytes that are not verified yet. Its result is valid once they are. */
export type Handling<T> = (bytes: AsyncIterable<Uint8Array>) => Promise<T>;

/** The result for a tarball. */
export interface Received<T> {
  readonly value: T;
  /** SRI sha512 of all its bytes. */
  readonly integrity: string;
}

/**
 * Passes the bytes on and reads them to their end, even if the handler fails: wrong bytes are the fault of the registry
 * or the connection, and the handler's error is only a consequence.
 * @param promised SRI sha512 hashes, of which one must match; undefined if they are compared later.
 * @throws the stream's error; EINTEGRITY; the handler's error.
 */
export async function handleBytes<T>(
  tarball: TarballStream,
  handling: Handling<T>,
  promised: string | undefined,
  signal: AbortSignal,
): Promise<Received<T>> {
  const reading = new TarballReading(tarball, signal);
  const handled = await settled(handling(reading.bytes()));
  const integrity = await reading.finish();
  if (promised !== undefined && !promised.split(' ').includes(integrity)) throw wrongBytes();
  return { value: handled(), integrity };
}

class TarballReading {
  readonly #hash = nodePlatform.createHash('sha512');
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  readonly #signal: AbortSignal;
  #failure: unknown;

  constructor(tarball: TarballStream, signal: AbortSignal) {
    // Then a loop over the stream ends as if it had succeeded.
    tarball.on?.('error', (error) => {
      this.#failure ??= error;
    });
    this.#chunks = countingUpTo(tarball, LIMITS.unpackedBytes)[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /** The bytes not yet read. Stopping early leaves the rest, and the stream open. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { done, value } = await this.#next();
      if (done) return;
      this.#hash.update(value);
      yield value;
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      return await orAborted(this.#chunks.next(), this.#signal);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  /** Reads the rest, and returns the integrity of the whole. */
  async finish(): Promise<string> {
    if (this.#failure !== undefined) throw this.#failure;
    for await (const _ of this.bytes());
    if (this.#failure !== undefined) throw this.#failure;
    return `sha512-${toBase64(this.#hash.digest())}`;
  }
}

/** Waits for the end of some work. Calling the result returns its value, or throws its error. */
async function settled<T>(work: Promise<T>): Promise<() => T> {
  try {
    const value = await work;
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** With the code that cacache gives too. */
export function wrongBytes(): Error {
  return Object.assign(new Error('The downloaded bytes are not the promised ones'), { code: 'EINTEGRITY' });
}
