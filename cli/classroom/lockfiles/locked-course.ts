// Owns what a lockfile says about a course, whichever package manager wrote it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { tryParseVersion } from '@progy/protocol/course/version.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { CliError } from '../../cli-error.ts';

export type Manager = 'npm' | 'pnpm' | 'yarn1' | 'yarn' | 'bun';

/** How a lockfile pins bytes. */
export interface LockedIntegrity {
  /** `tarball`: SRI sha512 of the tarball. `yarn-zip`: hex sha512 of the zip archive that Yarn 4 makes of it. */
  readonly kind: 'tarball' | 'yarn-zip';
  readonly value: string;
}

/** One version of a course that a lockfile pins. */
export interface LockedCourse {
  readonly manager: Manager;
  /** `@scope/slug`. */
  readonly name: string;
  readonly version: string;
  readonly integrity: LockedIntegrity;
  /** URL of the tarball, if the lockfile has it. */
  readonly resolved?: string;
}

/** What one entry of a lockfile says, before it is checked. */
export interface LockfileEntry {
  readonly version: unknown;
  readonly integrity: unknown;
  readonly resolved?: unknown;
}

/**
 * Reads every entry of a course. A reader may throw anything for a file that it cannot read.
 * @param text at most MAX_LOCKFILE_BYTES.
 */
export type LockfileReader = (text: string, name: PackageName) => Iterable<LockfileEntry>;

/** 64 bytes in base64. */
const SHA512_SRI = /^sha512-[A-Za-z0-9+/]{86}==$/;
/** Yarn's cache version, then `c` and the compression level, then the hash: `10c0/47a4…`. Level 0 keeps files as they are. */
const YARN_CHECKSUM = /^\d{1,4}c0\/([0-9a-f]{128})$/;

/**
 * Checks an entry.
 * @throws {CliError} LOCKFILE_INVALID if it does not pin a version and its bytes.
 */
export function lockedCourse(entry: LockfileEntry, name: PackageName, manager: Manager): LockedCourse {
  const version = tryParseVersion(entry.version);
  if (version === undefined) throw unreadable(`does not say which version of ${name.full} it pins`);
  const integrity = integrityOf(entry.integrity, manager);
  if (integrity === undefined) throw noIntegrity(name, manager);
  return {
    manager,
    name: name.full,
    version,
    integrity,
    ...(typeof entry.resolved === 'string' ? { resolved: entry.resolved } : {}),
  };
}

/** Of several hashes, as SRI allows, the sha512 counts. */
function integrityOf(stated: unknown, manager: Manager): LockedIntegrity | undefined {
  if (typeof stated !== 'string') return undefined;
  if (manager === 'yarn') {
    const value = YARN_CHECKSUM.exec(stated)?.[1];
    return value === undefined ? undefined : { kind: 'yarn-zip', value };
  }
  const value = stated.split(' ').find((hash) => SHA512_SRI.test(hash));
  return value === undefined ? undefined : { kind: 'tarball', value };
}

/** The error for a lockfile that cannot be read. @param problem follows the name of the file. */
export function unreadable(problem: string, cause?: unknown): CliError {
  return new CliError('LOCKFILE_INVALID', `The lockfile ${escapeControls(problem)}`, undefined, { cause });
}

function noIntegrity(name: PackageName, manager: Manager): CliError {
  if (manager !== 'yarn') return unreadable(`has no sha512 checksum for ${name.full}`);
  return new CliError(
    'LOCKFILE_INVALID',
    `The lockfile has no checksum for ${name.full} that progy can compare`,
    'Set compressionLevel: 0 in .yarnrc.yml, which is the default of Yarn 4, then run: yarn install',
  );
}
