// Owns what every way to keep a portfolio comes to: an address to push to, and what it takes to get in.
import type { PackageName } from '@progy/protocol/course/package-name.ts';

export type Way = 'github' | 'gh' | 'remote' | 'origin';

export interface Place {
  /** What git pushes to. Contains no password. */
  readonly url: string;
  /** The page for people, if there is one. */
  readonly page?: string;
  /** It was made just now. */
  readonly created: boolean;
  /** Password for the push; undefined: the person's own way to sign in. */
  readonly token?: string;
  /** Called when the push has ended, one way or the other. */
  leave?(): Promise<void>;
}

/** What is wanted of GitHub. */
export interface Wanted {
  readonly course: PackageName;
  /** Name for the repository; undefined: the course's. */
  readonly name: string | undefined;
  /** The remote that the student's repository has already. */
  readonly origin: string | undefined;
}

/** The last part of a remote's address, which is the repository's name at GitHub: `progy-rust-portfolio`. */
export function repositoryIn(url: string): string {
  return (url.split(/[/:]/).at(-1) ?? '').replace(/\.git$/, '');
}
