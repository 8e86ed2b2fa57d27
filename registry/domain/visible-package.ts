// Owns who may see a course: everybody a public one, its owner a private one. To all others it does not exist.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { PackageName } from '@progy/protocol/package-name.ts';
import type { PackageRow } from '../database/packages.ts';
import type { Account } from './accounts.ts';

/** Asks who is reading; only called for private courses, so that public reads cost no lookup and no bad token breaks them. */
export type WhoIsReading = () => Promise<Account | undefined>;

/**
 * Passes a found course through if the reader may see it.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, the same for a course that is missing and one that is not theirs.
 */
export async function visible<T extends { package: PackageRow }>(
  found: T | undefined,
  name: PackageName,
  reader: WhoIsReading,
): Promise<T> {
  if (found?.package.isPublic || (found && (await reader())?.id === found.package.userId)) return found;
  throw new RegistryError('PACKAGE_NOT_FOUND', `Package not found: ${name.full}`, { name: name.full });
}
