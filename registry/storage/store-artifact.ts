// Owns writing artifacts to R2 with flat memory: in one piece when the length is known, else in parts.
import type {
  FixedLengthStream as FixedLength,
  R2Bucket,
  R2MultipartUpload,
  R2PutOptions,
  R2UploadedPart,
} from '@cloudflare/workers-types';
import { blocks } from '@progy/protocol/bytes/blocks.ts';
import { RegistryError } from '@progy/protocol/errors.ts';

/** A global of workerd: a stream with a length, which is what put() can stream. */
declare const FixedLengthStream: typeof FixedLength;

/** R2 wants parts of at least 5 MiB, all equal except the last. Two are in memory at once: one filling, one on its way. */
const PART_BYTES = 5 * 1024 * 1024;
const OPTIONS: R2PutOptions = { httpMetadata: { contentType: 'application/octet-stream' } };

/**
 * Stores a stream of unknown length. A small one is one put; a larger one is a multipart upload, aborted when the source fails.
 * @throws {RegistryError} R2_UPLOAD_FAILED when storage fails; whatever the source throws when it fails.
 */
export async function storeArtifact(bucket: R2Bucket, key: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const parts = blocks(source, PART_BYTES);
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

async function* joined<T>(first: Iterable<T>, rest: AsyncIterable<T>): AsyncIterable<T> {
  yield* first;
  yield* rest;
}

/** What R2 is told of an object beforehand. */
export interface KnownArtifact {
  /** Bytes. */
  size: number;
  /** Hex sha256: R2 refuses other bytes. */
  checksum?: string;
}

/**
 * Stores a stream of known length as one object, in one operation.
 * @param source exactly `known.size` bytes.
 * @throws {RegistryError} R2_UPLOAD_FAILED when storage fails; whatever the source throws when it fails.
 */
export async function storeKnownArtifact(
  bucket: R2Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
  known: KnownArtifact,
): Promise<void> {
  const { readable, writable } = new FixedLengthStream(known.size);
  const stored = storing(bucket.put(key, readable, { ...OPTIONS, sha256: known.checksum }));
  const fed = feed(source, writable.getWriter());
  const [feeding, storage] = await Promise.allSettled([fed, stored]);
  // When the source fails, storage fails because of it: the source's error is the one that explains.
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
