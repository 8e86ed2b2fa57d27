// Owns helpers for course files in tests: making them, reading them, measuring what is inflated.

import { nodePlatform } from '../../bytes/node-platform.ts';
import type { Platform } from '../../bytes/platform.ts';
import type { CourseFile, FileMode } from '../../course/course-files.ts';
import type { PackableFile } from '../../zip/progy-file.ts';

/** A file that can be packed any number of times. */
export function packable(path: string, content: string | Uint8Array = '', mode: FileMode = '100644'): PackableFile {
  const bytes = new Uint8Array(Buffer.from(content as string));
  const open = async function* () {
    yield bytes;
  };
  return { path, mode, size: bytes.length, open };
}

/** The files every course needs, and more. */
export function courseFiles(...more: PackableFile[]): PackableFile[] {
  return [
    packable('course.json', '{"name":"@diego/rust-mastery","version":"1.0.0"}'),
    packable('content/01_start/README.md', 'Start here.\n'),
    ...more,
  ];
}

/** All bytes of a stream. Keeps every piece until the last one arrives, as any reader may. */
export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source));
}

/** A file's path, mode and content, as plain values that can be compared. */
export interface PlainFile {
  path: string;
  mode: FileMode;
  content: Buffer;
}

/** Reads all files, ordered by path. */
export async function readAll(files: AsyncIterable<CourseFile>): Promise<PlainFile[]> {
  const plain: PlainFile[] = [];
  for await (const { path, mode, content } of files) plain.push({ path, mode, content: await collect(content) });
  return plain.sort(byPath);
}

export async function readPackable(files: readonly PackableFile[]): Promise<PlainFile[]> {
  const plain = files.map(async ({ path, mode, open }) => ({ path, mode, content: await collect(open()) }));
  return (await Promise.all(plain)).sort(byPath);
}

function byPath(a: PlainFile, b: PlainFile): number {
  return a.path < b.path ? -1 : 1;
}

/** The real platform, and the bytes that it has inflated. */
export function meteredPlatform(): { platform: Platform; inflated: () => number } {
  let inflated = 0;
  const count = <T extends Uint8Array>(bytes: T): T => {
    inflated += bytes.length;
    return bytes;
  };
  const platform: Platform = {
    ...nodePlatform,
    inflateRawSync: (bytes, limit) => count(nodePlatform.inflateRawSync(bytes, limit)),
    async *inflateRaw(source, limit) {
      for await (const piece of nodePlatform.inflateRaw(source, limit)) yield count(piece);
    },
  };
  return { platform, inflated: () => inflated };
}

/** Packable files as an opened archive would give them. */
export async function* asCourseFiles(files: readonly PackableFile[]): AsyncIterable<CourseFile> {
  for (const { path, mode, size, open } of files) yield { path, mode, size, content: open() };
}

/** Bytes as a stream, in pieces of `size` bytes. */
export async function* inPieces(bytes: Uint8Array, size = 65_536): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
