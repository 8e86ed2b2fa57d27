// Owns writing a course folder as a .progy file.
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ALL_HASHES, Digester, type Digests, digesting, toHex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { LIMITS } from '@progy/protocol/course/course-files.ts';
import { type HashedEntry, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { type PackableFile, writeProgyFile } from '@progy/protocol/zip/progy-file.ts';
import { formatSize } from '../terminal/format.ts';
import type { Report } from '../terminal/progress.ts';

/** A .progy file on disk and what is in it. */
export interface PackedCourse extends Digests {
  /** Absolute. */
  readonly path: string;
  readonly files: readonly HashedEntry[];
  /** Bytes of all files together. */
  readonly unpackedSize: number;
  readonly tree: string;
}

/**
 * Packs files into a .progy file, which appears whole or not at all. The same files give the same bytes.
 * @param path absolute.
 * @throws {RegistryError} INVALID_ARTIFACT or INVALID_COURSE for files that make no course; PAYLOAD_TOO_LARGE naming the largest.
 */
export async function packCourse(
  files: readonly PackableFile[],
  path: string,
  report: Report,
  signal: AbortSignal,
): Promise<PackedCourse> {
  const unpackedSize = files.reduce((sum, { size }) => sum + size, 0);
  const hashed: HashedEntry[] = [];
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
    report(read, unpackedSize);
  };
  const watched = files.map((file) => hashing(file, hashed, onRead));
  const digests = await writeWhole(writeProgyFile(watched, nodePlatform), path, signal).catch((error) => {
    throw namingLargest(error, files);
  });
  return { ...digests, path, files: hashed, unpackedSize, tree: treeHash(hashed, nodePlatform) };
}

/** The same file, which adds its hash to `hashed` once it has been read. */
function hashing(file: PackableFile, hashed: HashedEntry[], onRead: (bytes: number) => void): PackableFile {
  const { path, mode, size } = file;
  async function* open(): AsyncIterable<Uint8Array> {
    const hash = nodePlatform.createHash('sha256');
    for await (const chunk of file.open()) {
      hash.update(chunk);
      onRead(chunk.length);
      yield chunk;
    }
    hashed.push({ path, mode, size, sha256: toHex(hash.digest()) });
  }
  return { path, mode, size, open };
}

/** The temporary name ends with .progy too: if it is left behind, pack will not include it. */
async function writeWhole(bytes: AsyncIterable<Uint8Array>, path: string, signal: AbortSignal): Promise<Digests> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}-${basename(path)}.progy`);
  const digester = new Digester(nodePlatform, ALL_HASHES);
  try {
    await writeNew(temporary, digesting(bytes, digester), signal);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return digester.digest();
}

/** Not a write stream: an immediate failure would destroy it while it is still opening, and the file would appear later. */
async function writeNew(path: string, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}

/** Names the largest files, which helps to get under the limit. */
function namingLargest(error: unknown, files: readonly PackableFile[]): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'PAYLOAD_TOO_LARGE') return error;
  const largest = files.toSorted((a, b) => b.size - a.size).slice(0, 3);
  const list = largest.map(({ path, size }) => `${escapeControls(path)} (${formatSize(size)})`).join(', ');
  const limits = `${formatSize(LIMITS.artifactBytes)} packed, ${formatSize(LIMITS.unpackedBytes)} unpacked, ${LIMITS.files} files`;
  return new RegistryError(
    'PAYLOAD_TOO_LARGE',
    `The course is too large (at most ${limits}). The largest files: ${list}`,
    error.evidence,
  );
}
