// Owns handing on the bytes of a tarball while they come, and telling at the end whether they were the promised ones.
import type { Transform } from 'node:stream';
import { toBase64 } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo, LIMITS } from '@progy/protocol/course/course-files.ts';
import { orAborted } from '../network/or-aborted.ts';

/** Makes something of bytes that nothing is known of yet. What it answers counts once they are known to be right. */
export type Handling<T> = (bytes: AsyncIterable<Uint8Array>) => Promise<T>;

/** What came of a tarball. */
export interface Received<T> {
  readonly value: T;
  /** SRI sha512 of all its bytes. */
  readonly integrity: string;
}

/**
 * Hands the bytes on and reads them to their end, whatever the handling makes of them: bytes that are not as promised
 * are the registry's fault, or the line's, and what the handling found in them is only what follows.
 * @param promised SRI sha512, of which one must match; undefined where it is compared later.
 * @throws the error of the stream; EINTEGRITY as pacote has it, so that it tries again; the error of the handling.
 */
export async function handleBytes<T>(
  tarball: Transform,
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

  constructor(tarball: Transform, signal: AbortSignal) {
    // Errors of pacote's streams can come while nobody listens: then a loop over the stream ends as if all were well.
    tarball.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#chunks = countingUpTo(tarball, LIMITS.unpackedBytes)[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /** The bytes from where reading stands. Whoever stops early leaves the rest, and the stream as it is. */
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

  /** Reads the rest, and answers the integrity of the whole. */
  async finish(): Promise<string> {
    if (this.#failure !== undefined) throw this.#failure;
    for await (const _ of this.bytes());
    if (this.#failure !== undefined) throw this.#failure;
    return `sha512-${toBase64(this.#hash.digest())}`;
  }
}

/** Waits for the end of some work. What is answered gives its value, or throws its error. */
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

/** As pacote says it, so that it tries again. */
function wrongBytes(): Error {
  return Object.assign(new Error('The downloaded bytes are not the promised ones'), { code: 'EINTEGRITY' });
}
