// Owns an isolate's caches for reading: finished packuments, and rows for a moment.
import { LRUCache } from 'lru-cache';
import type { FoundVersion } from '../../database/read/artifacts.ts';
import type { CourseRow, FoundManifest } from '../../database/read/documents.ts';
import { Memo } from './memo.ts';

/**
 * An isolate has 128 MB. The bundle takes about 30 MB, and a publish of 100 MB as much again; answers to slow clients
 * share these bytes and hold no others.
 */
export const DOCUMENT_BYTES = 16 * 1024 * 1024;
/** A larger packument is made anew each time: it would evict all others. */
const LARGEST_BYTES = DOCUMENT_BYTES / 4;
/** Size of an entry with its key and name, without the bytes. */
const OVERHEAD_BYTES = 500;

/** Artifacts whose copying is remembered, and for how long in milliseconds: one that was evicted is copied again. */
const COPIED = { max: 1_000, ttl: 3_600_000 };

/** A packument, ready to be sent. */
export interface ReadyPackument {
  /** Identifies the state of the course that it shows. */
  revision: string;
  bytes: Uint8Array;
}

export interface ReadMemory {
  /** By name, form and encoding. Each is valid while its revision matches the row of its course. */
  readonly packuments: LRUCache<string, ReadyPackument>;
  /** By name. Public courses only, as below. */
  readonly courses: Memo<CourseRow>;
  /** By name and version or dist-tag. */
  readonly manifests: Memo<FoundManifest>;
  /** By name and version. */
  readonly versions: Memo<FoundVersion>;
  /** Keys of artifacts that this isolate has copied, or tried to copy, to the cache. */
  readonly copied: LRUCache<string, true>;
}

export function createReadMemory(): ReadMemory {
  return {
    packuments: new LRUCache({
      maxSize: DOCUMENT_BYTES,
      maxEntrySize: LARGEST_BYTES,
      sizeCalculation: ({ bytes }) => OVERHEAD_BYTES + bytes.length,
    }),
    courses: new Memo(({ description }) => textBytes(description)),
    manifests: new Memo(({ package: { description }, found }) => textBytes(description) + textBytes(found?.manifest)),
    versions: new Memo(() => 0),
    copied: new LRUCache(COPIED),
  };
}

/** Call after every write of this isolate. Packuments name their revision, so they may stay. */
export function forgetRows({ courses, manifests, versions }: ReadMemory): void {
  for (const memo of [courses, manifests, versions]) memo.forget();
}

function textBytes(text: string | null | undefined): number {
  return 2 * (text?.length ?? 0);
}
