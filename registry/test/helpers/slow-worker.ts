// Owns running the registry's code in this process, where a test controls the speed of bodies and storage.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { R2Bucket } from '@cloudflare/workers-types';
import { PUBLISH_PATH } from '@progy/protocol/wire/urls.ts';
import { Hono } from 'hono';
import { between, type Random } from '../../../fixtures/ordinary-content.ts';
import type { AppEnv } from '../../app-env.ts';
import type { Env } from '../../env.ts';
import { requireWriter } from '../../middleware/account.ts';
import { provideContext } from '../../middleware/context.ts';
import { canonicalPath } from '../../middleware/package-name.ts';
import { reportError } from '../../middleware/report-error.ts';
import { putPackage } from '../../routes/npm/put-package.ts';
import { postPublish } from '../../routes/progy/publish.ts';

/** Both doors of publishing, as app.ts has them; Node cannot load the pages that are there too. */
const doors = new Hono<AppEnv>({ getPath: canonicalPath });
doors.use(provideContext);
doors.onError((error, c) => reportError(error, c));
doors.post(PUBLISH_PATH, requireWriter, postPublish);
doors.put('/:scope{@[^/]+}/:slug', requireWriter, putPackage);

/** Most pieces come at once; one in four, some turns of the event loop later. */
async function dawdle(random: Random): Promise<void> {
  const turns = random() < 0.25 ? between(1, 20, random) : 0;
  for (let i = 0; i < turns; i++) await nextTurn();
}

/** A byte stream of workerd: it fills the memory of whoever reads, which it takes over and gives back. */
class SlowStream {
  readonly #bytes: Uint8Array;
  readonly #random: Random;
  #at = 0;

  constructor(bytes: Uint8Array, random: Random) {
    this.#bytes = bytes;
    this.#random = random;
  }

  getReader() {
    return { readAtLeast: this.#readAtLeast.bind(this), releaseLock: () => undefined };
  }

  async cancel(): Promise<void> {}

  async #readAtLeast(least: number, view: Uint8Array<ArrayBuffer>) {
    const memory = view.buffer.transfer();
    await dawdle(this.#random);
    const piece = this.#bytes.subarray(this.#at, this.#at + least);
    this.#at += piece.length;
    new Uint8Array(memory).set(piece);
    return { value: new Uint8Array(memory, 0, piece.length), done: piece.length === 0 };
  }
}

/** A global of workerd: what is written waits until somebody reads it. */
class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(_length: number) {
    super();
  }
}
Object.assign(globalThis, { FixedLengthStream });

/** A bucket in memory. It takes its time before each piece and keeps the very pieces it was given until it has all. */
export class SlowBucket {
  readonly objects = new Map<string, Uint8Array>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async put(key: string, value: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    this.objects.set(key, await this.#taken(value));
  }

  async get(key: string, options?: { range?: { offset: number; length: number } }) {
    const object = this.objects.get(key);
    if (object === undefined) return null;
    const { offset, length } = options?.range ?? { offset: 0, length: object.length };
    const bytes = object.subarray(offset, offset + length);
    return {
      size: object.length,
      body: new SlowStream(bytes, this.#random),
      arrayBuffer: async () => new Uint8Array(bytes).buffer,
    };
  }

  async delete(keys: string | string[]): Promise<void> {
    for (const key of [keys].flat()) this.objects.delete(key);
  }

  /** Parts upload at their own pace too. */
  async createMultipartUpload(key: string) {
    const parts: Promise<Uint8Array>[] = [];
    return {
      uploadPart: async (partNumber: number, part: Uint8Array) => {
        parts[partNumber - 1] = this.#taken(part);
        await parts[partNumber - 1];
        return { partNumber };
      },
      complete: async () => void this.objects.set(key, Buffer.concat(await Promise.all(parts))),
      abort: async () => undefined,
    };
  }

  async #taken(value: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of value instanceof Uint8Array ? [value] : value) {
      pieces.push(piece);
      await dawdle(this.#random);
    }
    return Buffer.concat(pieces);
  }
}

/** Asks the registry's code, with its database, and a bucket and a body that are slow. */
export async function askSlowly(env: Env, bucket: SlowBucket, slow: SlowRequest): Promise<Response> {
  return askIsolate({ ...env, R2: bucket as unknown as R2Bucket }, slow);
}

/** The same with bindings that the caller keeps: requests with the same ones share an isolate. */
export async function askIsolate(env: Env, slow: SlowRequest): Promise<Response> {
  const { path, body, random, ...init } = slow;
  const request = new Request(new URL(path, 'http://registry.test'), init);
  Object.defineProperty(request, 'body', { value: new SlowStream(body, random) });
  const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
  return doors.fetch(request, env, context);
}

export interface SlowRequest {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array;
  random: Random;
}
