// Owns reading, moving and deleting artifacts in R2.
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type ArtifactSource, bytesSource } from '@progy/protocol/zip/progy-file.ts';
import { byobChunks } from '../byob-chunks.ts';
import { storeKnownArtifact } from './store-artifact.ts';

/** Up to this size an artifact is read once into memory instead of range by range: each read is a round trip. */
const IN_MEMORY_BYTES = 2 * 1024 * 1024;

/**
 * An object as the archive reader wants it.
 * @throws {RegistryError} ARTIFACT_MISSING.
 */
export async function artifactSource(bucket: R2Bucket, key: string, size: number): Promise<ArtifactSource> {
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

async function getObject(
  bucket: R2Bucket,
  key: string,
  range?: { offset: number; length: number },
): Promise<R2ObjectBody> {
  const object = await bucket.get(key, range && { range });
  if (object === null) throw new RegistryError('ARTIFACT_MISSING');
  return object;
}

/** Copies an object to another key and deletes the first. Both exist for a moment; neither is half-written. */
export async function moveArtifact(bucket: R2Bucket, from: string, to: string): Promise<void> {
  const object = await getObject(bucket, from);
  await storeKnownArtifact(bucket, to, byobChunks(object.body), { size: object.size });
  await bucket.delete(from);
}

/** Deletes objects that no version names. */
export async function deleteArtifacts(bucket: R2Bucket, keys: readonly string[]): Promise<void> {
  await bucket.delete([...keys]);
}
