// Owns the store of artifacts: the one way to write, read, move and delete objects in R2.
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type ArtifactSource, bytesSource } from '@progy/protocol/zip/progy-file.ts';
import { byobChunks } from '../byob-chunks.ts';
import { type KnownArtifact, storeArtifact, storeKnownArtifact } from './store-artifact.ts';

/** Up to this size an artifact is read once into memory instead of range by range: each read is a round trip. */
const IN_MEMORY_BYTES = 2 * 1024 * 1024;

/** Bytes of an object. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** Where the bytes of versions are kept, by key. */
export interface ArtifactStore {
  /**
   * Opens an object that has `size` bytes, all of it or a range.
   * @throws {RegistryError} ARTIFACT_MISSING, also for an object of another size.
   */
  open(key: string, size: number, range?: ByteRange): Promise<ReadableStream>;
  /** An object as the archive reader wants it. @throws {RegistryError} ARTIFACT_MISSING. */
  source(key: string, size: number): Promise<ArtifactSource>;
  /** Stores a stream of unknown length. @throws {RegistryError} R2_UPLOAD_FAILED; whatever the source throws. */
  store(key: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Stores a stream of exactly `known.size` bytes. @throws {RegistryError} R2_UPLOAD_FAILED; whatever the source throws. */
  storeKnown(key: string, source: AsyncIterable<Uint8Array>, known: KnownArtifact): Promise<void>;
  /** Copies an object to another key and deletes the first. Both exist for a moment; neither is half-written. */
  move(from: string, to: string): Promise<void>;
  /** Deletes objects that no version names. */
  delete(keys: readonly string[]): Promise<void>;
}

export function openArtifactStore(bucket: R2Bucket): ArtifactStore {
  return {
    open: (key, size, range) => openArtifact(bucket, key, size, range),
    source: (key, size) => artifactSource(bucket, key, size),
    store: (key, source) => storeArtifact(bucket, key, source),
    storeKnown: (key, source, known) => storeKnownArtifact(bucket, key, source, known),
    move: (from, to) => moveArtifact(bucket, from, to),
    delete: (keys) => bucket.delete([...keys]),
  };
}

async function openArtifact(bucket: R2Bucket, key: string, size: number, range?: ByteRange): Promise<ReadableStream> {
  const object = await getObject(bucket, key, range);
  if (object.size !== size) throw new RegistryError('ARTIFACT_MISSING');
  return object.body as unknown as ReadableStream;
}

async function artifactSource(bucket: R2Bucket, key: string, size: number): Promise<ArtifactSource> {
  if (size > IN_MEMORY_BYTES) return rangedSource(bucket, key, size);
  const object = await getObject(bucket, key);
  return bytesSource(new Uint8Array(await object.arrayBuffer()));
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
  await storeKnownArtifact(bucket, to, byobChunks(object.body), { size: object.size });
  await bucket.delete(from);
}
