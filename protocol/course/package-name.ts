// Owns the name of a course: parsing and printing @scope/slug.
import { RegistryError } from '../errors.ts';
import { quote } from '../quote.ts';

/** npm allows 214 characters for a whole name. */
const MAX_NAME_LENGTH = 214;
const PART = /^[a-z0-9][a-z0-9._-]*$/;

/** A valid course name. Made only by {@link parsePackageName}, so its parts are safe in URLs, R2 keys and file names. */
export interface PackageName {
  /** Without the `@`. */
  readonly scope: string;
  readonly slug: string;
  /** `@scope/slug`. */
  readonly full: string;
}

/**
 * Parses `@scope/slug`, strictly: lower-case ASCII, npm's rules for new names (no leading dot or underscore, at most 214 characters).
 * @throws {RegistryError} INVALID_NAME, with the name as `found`.
 */
export function parsePackageName(name: unknown): PackageName {
  const parsed = tryParsePackageName(name);
  if (parsed) return parsed;
  throw new RegistryError('INVALID_NAME', undefined, { found: quote(name) });
}

/** Like {@link parsePackageName}, but returns undefined for an invalid name. */
export function tryParsePackageName(name: unknown): PackageName | undefined {
  if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH || !name.startsWith('@')) return undefined;
  const [scope, slug, ...rest] = name.slice(1).split('/');
  if (scope === undefined || slug === undefined || rest.length > 0) return undefined;
  return isNamePart(scope) && isNamePart(slug) ? { scope, slug, full: `@${scope}/${slug}` } : undefined;
}

/** True for a valid scope or slug. */
export function isNamePart(part: string): boolean {
  return PART.test(part) && !part.includes('..');
}

/** The file name npm gives the tarball of a version, `slug-1.0.0.tgz`. */
export function tarballFileName(name: PackageName, version: string): string {
  return `${name.slug}-${version}.tgz`;
}

/** The file name `progy pack` gives a course, `slug-1.0.0.progy`. */
export function progyFileName(name: PackageName, version: string): string {
  return `${name.slug}-${version}.progy`;
}
