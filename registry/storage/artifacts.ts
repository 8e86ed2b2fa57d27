// Owns the store of artifacts: the one way to write, read, move and delete objects in R2.
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { ArtifactSource } from '@progy/protocol/zip/progy-file.ts';
import { byobChunks } from '../byob-chunks.ts';
import { putArtifact, storeInParts, storeKnown, storeLong } from './store-artifact.ts';

/** Bytes of an object. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** The store of versions' bytes, by key. */
export interface ArtifactStore {
  /**
   * Opens an object of `size` bytes, all of it or a range.
   * @throws {RegistryError} ARTIFACT_MISSING, also for an object of another size.
   */
  open(key: string, size: number, range?: ByteRange): Promise<ReadableStream>;
  /** The text of a small object that may not be there. @throws {Error} for one of more than `most` bytes. */
  text(key: string, most: number): Promise<string | undefined>;
  /** An object for the archive reader, read by ranges. Reading throws {RegistryError} ARTIFACT_MISSING. */
  source(key: string, size: number): ArtifactSource;
  /** Stores bytes whose SRI sha512 is known. @throws {RegistryError} R2_UPLOAD_FAILED, also for bytes of another hash. */
  put(key: string, bytes: Uint8Array, integrity: string): Promise<void>;
  /**
   * Stores a stream of unknown length, unless it fits in one part: then it returns the bytes, for {@link put}.
   * @throws {RegistryError} R2_UPLOAD_FAILED; whatever the source throws.
   */
  storeInParts(key: string, source: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined>;
  /** Stores a stream of unknown length, in parts even if it is short. @throws {RegistryError} as {@link storeInParts}. */
  storeLong(key: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Stores a stream of exactly `size` bytes. @throws {RegistryError} R2_UPLOAD_FAILED; whatever the source throws. */
  storeKnown(key: string, source: AsyncIterable<Uint8Array>, size: number): Promise<void>;
  /** Copies an object to another key and deletes the first. For a moment both exist; neither is half-written. */
  move(from: string, to: string): Promise<void>;
  /** Deletes objects that no version names. */
  delete(keys: readonly string[]): Promise<void>;
}

export function openArtifactStore(bucket: R2Bucket): ArtifactStore {
  return {
    open: (key, size, range) => openArtifact(bucket, key, size, range),
    text: (key, most) => readText(bucket, key, most),
    source: (key, size) => rangedSource(bucket, key, size),
    put: (key, bytes, integrity) => putArtifact(bucket, key, bytes, integrity),
    storeInParts: (key, source) => storeInParts(bucket, key, source),
    storeLong: (key, source) => storeLong(bucket, key, source),
    storeKnown: (key, source, size) => storeKnown(bucket, key, source, size),
    move: (from, to) => moveArtifact(bucket, from, to),
    delete: (keys) => bucket.delete([...keys]),
  };
}

async function openArtifact(bucket: R2Bucket, key: string, size: number, range?: ByteRange): Promise<ReadableStream> {
  const object = await getObject(bucket, key, range);
  if (object.size !== size) throw new RegistryError('ARTIFACT_MISSING');
  return object.body as unknown as ReadableStream;
}

async function readText(bucket: R2Bucket, key: string, most: number): Promise<string | undefined> {
  const object = await bucket.get(key);
  if (object === null) return undefined;
  if (object.size <= most) return object.text();
  await object.body.cancel();
  throw new Error(`${key} has ${object.size} bytes, more than ${most}`);
}

function rangedSource(bucket: R2Bucket, key: string, size: number): ArtifactSource {
  return {
    size,
    read: async (offset, length) => {
      if (length === 0) return new Uint8Array();
      const object = await getObject(bucket, key, { offset, length });
      return new Uint8Array(await object.arrayBuffer());
    },
    stream: async function* (offset, length) {
      if (length === 0) return;
      const object = await getObject(bucket, key, { offset, length });
      try {
        yield* byobChunks(object.body);
      } finally {
        await object.body.cancel();
      }
    },
  };
}

async function getObject(bucket: R2Bucket, key: string, range?: ByteRange): Promise<R2ObjectBody> {
  const object = await bucket.get(key, range && { range });
  if (object === null) throw new RegistryError('ARTIFACT_MISSING');
  return object;
}

async function moveArtifact(bucket: R2Bucket, from: string, to: string): Promise<void> {
  const object = await getObject(bucket, from);
  await storeKnown(bucket, to, byobChunks(object.body), object.size);
  await bucket.delete(from);
}
