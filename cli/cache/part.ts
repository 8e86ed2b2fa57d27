// Owns the beginning of a download, on the disk, so that the rest can be asked for later, also by another process.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAbandoned, newMark } from '../process-mark.ts';
import { contentPath, orNone } from './content.ts';

const PARTS = 'parts';
/** Longer ETags would not fit into a file's name; such downloads start again. */
const MAX_ETAG = 100;
const CHUNK_BYTES = 256 * 1024;

/**
 * Bytes from the start of what is at an address. Its file is named after the address, the ETag, and the process that has
 * it: `<hash>.<etag>.<mark>`; without a mark it is free. A cache that cannot be written to costs only the resuming.
 */
export class Part {
  readonly #folder: string;
  readonly #prefix: string;
  #path: string | undefined;
  #file: number | undefined;
  #etag: string | undefined;
  #size: number;

  private constructor(folder: string, prefix: string, found?: Found) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#path = found?.path;
    this.#etag = found?.etag;
    this.#size = found?.size ?? 0;
  }

  /** Takes what an earlier download left, if no running process has it, or begins with nothing. */
  static async claim(cache: string, url: string): Promise<Part> {
    const folder = join(cache, PARTS);
    const prefix = createHash('sha256').update(url).digest('hex').slice(0, 32);
    return new Part(folder, prefix, await claimFile(folder, prefix).catch(() => undefined));
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  /** The strong ETag of what it is a part of; undefined if the server named none. */
  get etag(): string | undefined {
    return this.#etag;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    if (this.#path === undefined || this.#size === 0) return;
    const file = await open(this.#path);
    try {
      for (let position = 0; position < this.#size; ) {
        const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(CHUNK_BYTES), position });
        if (bytesRead === 0) return;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  /** Starts from nothing. @param etag of what the bytes will be a part of. */
  async begin(etag: string | undefined): Promise<void> {
    await this.discard();
    this.#etag = etag !== undefined && /^"[^"]*"$/.test(etag) && etag.length <= MAX_ETAG ? etag : undefined;
    this.#path = join(this.#folder, nameOf(this.#prefix, this.#etag, newMark()));
    await this.#attempt(() => mkdir(this.#folder, { recursive: true, mode: 0o700 }));
    await this.#attempt(async () => this.#open('wx'));
  }

  append(chunk: Uint8Array): void {
    if (this.#path === undefined) return;
    try {
      this.#open('a');
      if (this.#file !== undefined) writeSync(this.#file, chunk);
      this.#size += chunk.length;
    } catch {
      this.#forget();
    }
  }

  /** Makes it content of the cache. Returns whether it is. @param integrity SRI sha512 of its bytes. */
  async keep(cache: string, integrity: string): Promise<boolean> {
    const path = this.#path;
    this.#close();
    if (path === undefined) return false;
    this.#path = undefined;
    const target = contentPath(cache, integrity);
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      return true;
    } catch {
      await rm(path, { force: true }).catch(() => {});
      return false;
    }
  }

  /** Leaves it for later, if anything is there that can be continued. */
  async release(): Promise<void> {
    const path = this.#path;
    if (path === undefined || this.#size === 0 || this.#etag === undefined) return this.discard();
    this.#close();
    this.#path = undefined;
    await rename(path, join(this.#folder, nameOf(this.#prefix, this.#etag))).catch(() => {});
  }

  async discard(): Promise<void> {
    const path = this.#path;
    this.#forget();
    this.#size = 0;
    if (path !== undefined) await rm(path, { force: true }).catch(() => {});
  }

  #open(flags: 'a' | 'wx'): void {
    if (this.#path !== undefined) this.#file ??= openSync(this.#path, flags, 0o600);
  }

  async #attempt(step: () => Promise<unknown>): Promise<void> {
    await step().catch(() => this.#forget());
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #forget(): void {
    this.#close();
    this.#path = undefined;
  }
}

/** A part on the disk. */
export interface PartFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly usedAt: Date;
  /** A running process is downloading it. */
  readonly isClaimed: boolean;
}

/** All parts in a cache. */
export async function partFiles(cache: string): Promise<PartFile[]> {
  const folder = join(cache, PARTS);
  const names = await readdir(folder).catch(orNone);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      return stats && { path, size: stats.size, usedAt: stats.mtime, isClaimed: isTaken(name) };
    }),
  );
  return files.filter((file) => file !== undefined);
}

interface Found {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
}

/** Renaming is the claim: of several processes, one succeeds. */
async function claimFile(folder: string, prefix: string): Promise<Found | undefined> {
  for (const name of await readdir(folder).catch(orNone)) {
    const [hash, etag = ''] = name.split('.');
    if (hash !== prefix || !isFree(name)) continue;
    const path = join(folder, `${hash}.${etag}.${newMark()}`);
    const isOurs = await rename(join(folder, name), path).then(
      () => true,
      () => false,
    );
    if (isOurs) return { path, etag: Buffer.from(etag, 'base64url').toString(), size: (await stat(path)).size };
  }
  return undefined;
}

function nameOf(prefix: string, etag: string | undefined, mark?: string): string {
  const known = Buffer.from(etag ?? '').toString('base64url');
  return mark === undefined ? `${prefix}.${known}` : `${prefix}.${known}.${mark}`;
}

/** Free for whoever wants to continue it; what a killed process had is free too, if it can be continued. */
function isFree(name: string): boolean {
  const [, etag] = name.split('.');
  return etag !== '' && !isTaken(name);
}

function isTaken(name: string): boolean {
  const [, , mark] = name.split('.');
  return mark !== undefined && !isAbandoned(mark);
}
