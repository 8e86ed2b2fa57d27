// Owns reading and writing artifacts in R2: uploads of unknown length with flat memory, and ranged reads.
import type { R2Bucket, R2MultipartUpload, R2ObjectBody, R2UploadedPart } from '@cloudflare/workers-types';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { ArtifactSource } from '@progy/protocol/progy-file.ts';

/** R2 wants parts of at least 5 MiB, all equal except the last. Two are in memory at once: one filling, one on its way. */
const PART_BYTES = 5 * 1024 * 1024;
const OPTIONS = { httpMetadata: { contentType: 'application/octet-stream' } };

/**
 * Stores a stream of unknown length. A small one is one put; a larger one is a multipart upload, aborted when the source fails.
 * @throws {RegistryError} R2_UPLOAD_FAILED when storage fails; whatever the source throws when it fails.
 */
export async function storeArtifact(bucket: R2Bucket, key: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const parts = inParts(source, PART_BYTES);
  const first = await parts.next();
  if (first.done) return void (await storing(bucket.put(key, new Uint8Array(), OPTIONS)));
  const second = await parts.next();
  if (second.done) return void (await storing(bucket.put(key, first.value, OPTIONS)));
  const upload = await storing(bucket.createMultipartUpload(key, OPTIONS));
  try {
    const uploaded = await uploadParts(upload, joined([first.value, second.value], parts));
    await storing(upload.complete(uploaded));
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** Uploads parts in order; while one travels the next one fills. */
async function uploadParts(upload: R2MultipartUpload, parts: AsyncIterable<Uint8Array>): Promise<R2UploadedPart[]> {
  const uploaded: R2UploadedPart[] = [];
  let travelling: Promise<R2UploadedPart> | undefined;
  for await (const part of parts) {
    if (travelling) uploaded.push(await travelling);
    travelling = storing(upload.uploadPart(uploaded.length + 1, part));
    // It is awaited in the next round; until then a failure must not count as unhandled.
    travelling.catch(() => undefined);
  }
  if (travelling) uploaded.push(await travelling);
  return uploaded;
}

/** Cuts a stream into pieces of exactly `size` bytes, the last one shorter. */
async function* inParts(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, undefined> {
  let part = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + size - filled);
      part.set(piece, filled);
      taken += piece.length;
      filled += piece.length;
      if (filled === size) {
        yield part;
        part = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

async function* joined<T>(first: Iterable<T>, rest: AsyncIterable<T>): AsyncIterable<T> {
  yield* first;
  yield* rest;
}

async function storing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new RegistryError('R2_UPLOAD_FAILED', undefined, {}, { cause });
  }
}

/** An object of known size as the archive reader wants it: by ranges. */
export function artifactSource(bucket: R2Bucket, key: string, size: number): ArtifactSource {
  return {
    size,
    read: async (offset, length) => {
      if (length === 0) return new Uint8Array();
      const object = await getRange(bucket, key, offset, length);
      return new Uint8Array(await object.arrayBuffer());
    },
    stream: async function* (offset, length) {
      if (length === 0) return;
      const object = await getRange(bucket, key, offset, length);
      yield* object.body as unknown as AsyncIterable<Uint8Array>;
    },
  };
}

async function getRange(bucket: R2Bucket, key: string, offset: number, length: number): Promise<R2ObjectBody> {
  const object = await bucket.get(key, { range: { offset, length } });
  if (object === null) throw new RegistryError('ARTIFACT_MISSING');
  return object;
}

/** Copies an object to another key and deletes the first. Both exist for a moment; neither is half-written. */
export async function moveArtifact(bucket: R2Bucket, from: string, to: string): Promise<void> {
  const object = await bucket.get(from);
  if (object === null) throw new RegistryError('ARTIFACT_MISSING');
  // An R2 body has a known length, so put() can stream it.
  await storing(bucket.put(to, object.body, OPTIONS));
  await bucket.delete(from);
}

/** Deletes objects that no version names. */
export async function deleteArtifacts(bucket: R2Bucket, keys: readonly string[]): Promise<void> {
  await bucket.delete([...keys]);
}
