// Owns the errors for a version that does not exist, or no longer does.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';

/** The error for a course that exists without that version. */
export function versionNotFound(name: PackageName, version: string): RegistryError {
  const shown = quote(version);
  return missing(name, shown, `Version not found: ${name.full}@${shown}`);
}

/** The error for a version that was unpublished. Somebody may have it in a lockfile. */
export function versionUnpublished(name: PackageName, version: string): RegistryError {
  return missing(name, version, `${name.full}@${version} was unpublished`);
}

function missing(name: PackageName, version: string, message: string): RegistryError {
  return new RegistryError('VERSION_NOT_FOUND', message, { name: name.full, version });
}
