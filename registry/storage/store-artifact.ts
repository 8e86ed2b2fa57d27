// Owns writing artifacts to R2 with flat memory: in one piece if the length is known, else in parts.
import type {
  FixedLengthStream as FixedLength,
  R2Bucket,
  R2MultipartUpload,
  R2PutOptions,
  R2UploadedPart,
} from '@cloudflare/workers-types';
import { blocks, joined } from '@progy/protocol/bytes/blocks.ts';
import { RegistryError } from '@progy/protocol/errors.ts';

/** A global of workerd: a stream with a length, which is what put() can stream. */
declare const FixedLengthStream: typeof FixedLength;

/** R2 wants parts of at least 5 MiB, all equal except the last. Two are in memory at once: one filling, one uploading. */
const PART_BYTES = 5 * 1024 * 1024;
/** Bytes that storing a long stream holds: those two, and the room in which the next one grows. */
export const STORING_BYTES = 3 * PART_BYTES;
const OPTIONS: R2PutOptions = { httpMetadata: { contentType: 'application/octet-stream' } };

/**
 * Stores a stream of unknown length in parts; aborts the upload if the source fails. A stream that fits in one part
 * is not stored: the caller, who has all of it, can hash it and store it with {@link putArtifact}.
 * @returns the bytes of such a short stream.
 * @throws {RegistryError} R2_UPLOAD_FAILED if storage fails; whatever the source throws.
 */
export async function storeInParts(
  bucket: R2Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Uint8Array | undefined> {
  const parts = blocks(source, PART_BYTES);
  const first = await parts.next();
  if (first.done) return new Uint8Array();
  const second = await parts.next();
  if (second.done) return first.value;
  return storeParts(bucket, key, joined([first.value, second.value], parts));
}

/** Like {@link storeInParts}, but stores even a short stream. */
export async function storeLong(bucket: R2Bucket, key: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  await storeParts(bucket, key, blocks(source, PART_BYTES));
}

async function storeParts(bucket: R2Bucket, key: string, parts: AsyncIterable<Uint8Array>): Promise<undefined> {
  const upload = await storing(bucket.createMultipartUpload(key, OPTIONS));
  try {
    await storing(upload.complete(await uploadParts(upload, parts)));
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/**
 * Stores bytes as one object.
 * @param integrity SRI sha512: R2 refuses other bytes.
 * @throws {RegistryError} R2_UPLOAD_FAILED.
 */
export async function putArtifact(bucket: R2Bucket, key: string, bytes: Uint8Array, integrity: string): Promise<void> {
  await storing(bucket.put(key, bytes, { ...OPTIONS, sha512: sha512Of(integrity) }));
}

function sha512Of(integrity: string): Uint8Array {
  return Uint8Array.from(atob(integrity.slice('sha512-'.length)), (character) => character.charCodeAt(0));
}

/** Uploads parts in order; the next one fills while one uploads. */
async function uploadParts(upload: R2MultipartUpload, parts: AsyncIterable<Uint8Array>): Promise<R2UploadedPart[]> {
  const uploaded: R2UploadedPart[] = [];
  let travelling: Promise<R2UploadedPart> | undefined;
  for await (const part of parts) {
    if (travelling) uploaded.push(await travelling);
    travelling = storing(upload.uploadPart(uploaded.length + 1, part));
    // Awaited in the next round; until then a failure must not count as unhandled.
    travelling.catch(() => undefined);
  }
  if (travelling) uploaded.push(await travelling);
  return uploaded;
}

/**
 * Stores a stream of known length as one object, in one operation.
 * @param source exactly `size` bytes.
 * @throws {RegistryError} R2_UPLOAD_FAILED if storage fails; whatever the source throws.
 */
export async function storeKnown(
  bucket: R2Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
  size: number,
): Promise<void> {
  const { readable, writable } = new FixedLengthStream(size);
  const stored = storing(bucket.put(key, readable, OPTIONS));
  const fed = feed(source, writable.getWriter());
  const [feeding, storage] = await Promise.allSettled([fed, stored]);
  // If the source fails, storage fails too: the source's error explains why.
  if (feeding.status === 'rejected' && feeding.reason !== STORAGE_CLOSED) throw feeding.reason;
  if (storage.status === 'rejected') throw storage.reason;
}

const STORAGE_CLOSED = Symbol('storage stopped reading');

async function feed(source: AsyncIterable<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  const closed = () => Promise.reject(STORAGE_CLOSED);
  try {
    for await (const chunk of source) await writer.write(chunk).catch(closed);
    await writer.close().catch(closed);
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

/**
 * Runs a storage operation.
 * @throws {RegistryError} R2_UPLOAD_FAILED.
 */
export async function storing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new RegistryError('R2_UPLOAD_FAILED', undefined, {}, { cause });
  }
}
