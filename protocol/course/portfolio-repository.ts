// Owns which repository a portfolio gets on GitHub: what it is called, and what happens if that name is taken.
import type { PackageName } from './package-name.ts';

/** GitHub's own limit. */
const MAX_NAME = 100;
/** Names that are tried: the wanted one, and that many less one with a number. */
const MOST_NAMES = 10;
/** Room for the highest number. */
const MAX_BASE = MAX_NAME - `-${MOST_NAMES}`.length;

/** A place that keeps repositories of one account. */
export interface RepositoryHost<Repository> {
  /** `taken` for one that is not private or not empty; undefined if there is none. */
  find(name: string): Promise<Repository | 'taken' | undefined>;
  /** Makes one that is private and empty; undefined if the name has been taken in the meantime. */
  create(name: string): Promise<Repository | undefined>;
}

export interface EnsuredRepository<Repository> {
  readonly repository: Repository;
  /** False: an empty one of theirs was there. */
  readonly created: boolean;
}

/** `progy-rust-mastery-portfolio`. */
export function portfolioName({ slug }: Pick<PackageName, 'slug'>): string {
  const [before, after] = ['progy-', '-portfolio'];
  return before + slug.slice(0, MAX_BASE - before.length - after.length) + after;
}

/** Whether GitHub keeps a repository under exactly this name, with or without a number. */
export function isRepositoryName(name: string): boolean {
  if (name.length > MAX_BASE || !/^[A-Za-z0-9._-]+$/.test(name)) return false;
  return !/^\.+$/.test(name) && !/\.(?:git|wiki|atom)$/i.test(name);
}

/** The names to try, in order: `name`, `name-2`, … `name-10`. */
export function namesToTry(name: string): string[] {
  return [name, ...Array.from({ length: MOST_NAMES - 1 }, (_, index) => `${name}-${index + 2}`)];
}

/**
 * A private, empty repository of that name: one that is there, or a new one; with a number if the name is taken.
 * @returns undefined if all names are taken.
 */
export async function ensureRepository<Repository>(
  name: string,
  host: RepositoryHost<Repository>,
): Promise<EnsuredRepository<Repository> | undefined> {
  for (const candidate of namesToTry(name)) {
    const found = await host.find(candidate);
    if (found === 'taken') continue;
    if (found !== undefined) return { repository: found, created: false };
    const repository = await host.create(candidate);
    if (repository !== undefined) return { repository, created: true };
  }
  return undefined;
}
