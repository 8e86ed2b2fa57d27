// Owns telling that a course has no such version, or no longer.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { RequestContext } from '../../context.ts';
import { findVersionEver } from '../../database/packages.ts';

/** The error for a course that exists without that version. */
export function versionNotFound(name: PackageName, version: string): RegistryError {
  const shown = quote(version);
  return missing(name, shown, `Version not found: ${name.full}@${shown}`);
}

/** The same for those who may have it in a lockfile: tells whether it was unpublished. */
export async function missingVersion(
  { db }: RequestContext,
  name: PackageName,
  version: string,
): Promise<RegistryError> {
  const before = await findVersionEver(db, name, version);
  if (before === undefined) return versionNotFound(name, version);
  return missing(name, before.version, `${name.full}@${before.version} was unpublished`);
}

function missing(name: PackageName, version: string, message: string): RegistryError {
  return new RegistryError('VERSION_NOT_FOUND', message, { name: name.full, version });
}
