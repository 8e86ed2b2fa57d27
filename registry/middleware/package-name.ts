// Owns names in URLs: every spelling that clients use becomes one, and handlers get only valid names.

import {
  isNamePart,
  type PackageName,
  parsePackageName,
  tryParsePackageName,
} from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { AppContext } from '../app-env.ts';

/** npm escapes the slash of a name (`%2f`), pnpm in upper case, some clients the `@` too: npm-clients 2.0. */
const ESCAPED_NAME = /\/(?:@|%40)([^/%]+)(?:%2f|\/)/gi;

/** The path that routes are matched against: `@scope%2fslug` and `@scope/slug` are the same name everywhere. */
export function canonicalPath(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.replace(ESCAPED_NAME, '/@$1/');
}

/**
 * The name in an npm path, whose route says `:scope/:slug`.
 * @throws {RegistryError} PACKAGE_NOT_FOUND: an invalid name cannot exist, so there is no need to query the database.
 */
export function nameInPath(c: AppContext): PackageName {
  const full = `${c.req.param('scope')}/${c.req.param('slug')}`;
  const name = tryParsePackageName(full);
  if (name === undefined) throw new RegistryError('PACKAGE_NOT_FOUND', `Package not found: ${quote(full)}`);
  return name;
}

/**
 * The organization in a path, whose route says `:org`.
 * @throws {RegistryError} NOT_FOUND: an invalid name cannot exist.
 */
export function organizationInPath(c: AppContext): string {
  const slug = c.req.param('org') ?? '';
  if (isNamePart(slug)) return slug;
  throw new RegistryError('NOT_FOUND', `There is no organization ${quote(slug)}`);
}

/**
 * The name in a path of Progy's dialect, where `diego` and `@diego` are the same scope.
 * @throws {RegistryError} INVALID_NAME.
 */
export function nameInProgyPath(c: AppContext): PackageName {
  const scope = c.req.param('scope') ?? '';
  return parsePackageName(`${scope.startsWith('@') ? '' : '@'}${scope}/${c.req.param('slug')}`);
}
