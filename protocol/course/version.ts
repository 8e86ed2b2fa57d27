// Owns versions and dist-tags: what is strict semver, which version is higher, what a tag may be called.
import semver from 'semver';
import { RegistryError } from '../errors.ts';
import { quote } from '../quote.ts';

const MAX_VERSION_LENGTH = 256;
const MAX_TAG_LENGTH = 128;

/** A strict semantic version, as it is stored and compared. */
export type Version = string & { readonly __brand: 'Version' };

/**
 * Parses a strict semantic version: no `v`, no spaces, no leading zeros, no build metadata
 * (two versions that differ only in build metadata are equal to npm: crates.io #1059).
 * @throws {RegistryError} INVALID_VERSION, with `found`.
 */
export function parseVersion(version: unknown): Version {
  const parsed = tryParseVersion(version);
  if (parsed !== undefined) return parsed;
  throw new RegistryError('INVALID_VERSION', undefined, { found: quote(version) });
}

/** Like {@link parseVersion}, but returns undefined for anything but a strict version. */
export function tryParseVersion(version: unknown): Version | undefined {
  if (typeof version !== 'string' || version.length > MAX_VERSION_LENGTH) return undefined;
  return semver.parse(version)?.version === version ? (version as Version) : undefined;
}

/** True for `2.0.0-beta.1` and its like. */
export function isPrerelease(version: Version): boolean {
  return semver.prerelease(version) !== null;
}

/** Orders versions by semver precedence, for sort(). */
export function compareVersions(a: string, b: string): number {
  return semver.compare(a, b);
}

/**
 * The versions in a semver range, including prereleases as `npm deprecate` does; undefined for an invalid range.
 */
export function versionsIn(range: string, versions: readonly string[]): string[] | undefined {
  if (semver.validRange(range) === null) return undefined;
  return versions.filter((version) => semver.satisfies(version, range, { includePrerelease: true }));
}

/**
 * Parses a dist-tag. A tag that is also a semver range (`v1`, `2026`) would be ambiguous in `name@tag`, so we refuse it, as npm does.
 * @throws {RegistryError} INVALID_TAG.
 */
export function parseDistTag(tag: unknown): string {
  const valid =
    typeof tag === 'string' &&
    tag.length <= MAX_TAG_LENGTH &&
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(tag) &&
    semver.validRange(tag) === null;
  if (valid) return tag;
  throw new RegistryError('INVALID_TAG', undefined, {
    found: quote(tag),
  });
}

/**
 * A text that orders versions for dist-tag `latest`: a stable version ranks by its numbers, every prerelease ranks
 * lowest, so a publish moves `latest` exactly when its rank is greater. SQLite compares it as text.
 */
export function latestRank(version: Version): string {
  if (isPrerelease(version)) return '0';
  // Semver numbers stay below 2^53, which has 16 digits.
  const numbers = version.split('.').map((number) => number.padStart(16, '0'));
  return `1.${numbers.join('.')}`;
}

/** The highest version that a range allows, if there is one. */
export function highestIn(versions: readonly string[], range: string): string | undefined {
  return semver.maxSatisfying(versions, range) ?? undefined;
}
