// Owns whole tarballs on this computer: content of a cacache, found by their hash, or by their address at one registry.
import type { get } from 'cacache';
import { markUsed } from './content.ts';
import { whileInUse } from './in-use.ts';
import { Part } from './part.ts';

const KEY = 'progy:tarball:';

/** Where a tarball comes from, and its hash, if that is known. */
export interface Wanted {
  /** URL. */
  readonly resolved: string;
  /** SRI sha512 hashes, of which one must match. */
  readonly integrity?: string;
}

/** Content as it is read. It can fail while nobody listens. */
export type CachedBytes = ReturnType<typeof get.stream.byDigest>;

/** The tarballs in a cache folder. */
export class Tarballs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The SRI hash under which a tarball is here; undefined if it is not. */
  async find({ resolved, integrity }: Wanted): Promise<string | undefined> {
    const { default: cacache } = await import('cacache');
    const known = integrity ?? (await cacache.get.info(this.#folder, KEY + resolved))?.integrity;
    const content = known === undefined ? false : await cacache.get.hasContent(this.#folder, known);
    return content === false ? undefined : `${content.sri.algorithm}-${content.sri.digest}`;
  }

  /**
   * Reads a tarball while it counts as in use. The stream fails with EINTEGRITY for damaged content.
   * @param integrity as found.
   */
  async use<T>(integrity: string, work: (bytes: CachedBytes) => Promise<T>): Promise<T> {
    const { default: cacache } = await import('cacache');
    return whileInUse(this.#folder, integrity, async () => {
      const result = await work(cacache.get.stream.byDigest(this.#folder, integrity, { memoize: false }));
      await markUsed(this.#folder, integrity);
      return result;
    });
  }

  /** Removes damaged content. */
  async drop(integrity: string): Promise<void> {
    const { default: cacache } = await import('cacache');
    await cacache.rm.content(this.#folder, integrity).catch(() => {});
  }

  /** What an earlier download left of a tarball. */
  claimPart(url: string): Promise<Part> {
    return Part.claim(this.#folder, url);
  }

  /** Adds a tarball that is downloaded. Returns whether it is kept. @param integrity SRI sha512 of its bytes. */
  async add(part: Part, url: string, integrity: string): Promise<boolean> {
    const { size } = part;
    if (!(await part.keep(this.#folder, integrity))) return false;
    const { default: cacache } = await import('cacache');
    await cacache.index.insert(this.#folder, KEY + url, integrity, { size, metadata: { url } }).catch(() => {});
    return true;
  }
}

/** The address of a tarball, if a key of the index stands for one. */
export function tarballUrl(key: string): string | undefined {
  return key.startsWith(KEY) ? key.slice(KEY.length) : undefined;
}
