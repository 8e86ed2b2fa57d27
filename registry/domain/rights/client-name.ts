// Owns which package is progy itself: it comes with the registry, so nobody publishes or changes it.

import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';

/** Whether a package is progy itself. */
export function isClient({ full }: PackageName): boolean {
  return full === CLIENT.full;
}

/**
 * Checks that somebody is not about to change progy itself.
 * @throws {RegistryError} FORBIDDEN, even for an admin who forces it.
 */
export function checkNotClient(name: PackageName): void {
  if (!isClient(name)) return;
  const { full } = name;
  const message = `${full} comes with the registry: it changes when the registry is deployed, and by nothing else`;
  throw new RegistryError('FORBIDDEN', message, { name: full, next: 'Publish under a scope of your own.' });
}
