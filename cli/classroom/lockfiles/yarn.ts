// Owns reading yarn.lock, of Yarn 1 and of Yarn 2 and newer.
import { parseSyml } from '@yarnpkg/parsers';
import type { LockfileEntry, LockfileReader } from './locked-course.ts';

/** What Yarn 1 writes into the first lines of its lockfile; newer ones have `__metadata`. */
const YARN_1 = '# yarn lockfile v1';

/** True for a lockfile of Yarn 1. */
export function isYarn1(text: string): boolean {
  return text.slice(0, 1_000).includes(YARN_1);
}

/** Keys are lists of what was asked for: `"@scope/slug@^1.0.0, @scope/slug@1.0.0"`. */
export const readYarn1Lock: LockfileReader = function* (text, { full }) {
  for (const [key, entry] of entriesOf(text)) {
    if (!key.split(', ').some((asked) => asked.startsWith(`${full}@`))) continue;
    const { version, integrity, resolved } = Object(entry);
    yield { version, integrity, resolved: typeof resolved === 'string' ? withoutSha1(resolved) : undefined };
  }
};

/** The resolution says what an entry is: `"@scope/slug@npm:1.0.0"`. */
export const readYarnLock: LockfileReader = function* (text, { full }): Iterable<LockfileEntry> {
  for (const [, entry] of entriesOf(text)) {
    const { version, checksum, resolution } = Object(entry);
    if (typeof resolution === 'string' && resolution.startsWith(`${full}@npm:`)) yield { version, integrity: checksum };
  }
};

/** Yarn 1 puts the sha1 after the address. */
function withoutSha1(resolved: string): string | undefined {
  return resolved.split('#', 1)[0] || undefined;
}

function entriesOf(text: string): [string, unknown][] {
  return Object.entries(parseSyml(text));
}
