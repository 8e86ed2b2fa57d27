// Owns which package is progy itself: it comes with the registry, so nobody publishes or changes it.

import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';

/**
 * Checks that somebody is not about to change progy itself.
 * @throws {RegistryError} FORBIDDEN, even for an admin who forces it.
 */
export function checkNotClient({ full }: PackageName): void {
  if (full !== CLIENT.full) return;
  const message = `${full} comes with the registry: it changes when the registry is deployed, and by nothing else`;
  throw new RegistryError('FORBIDDEN', message, { name: full, next: 'Publish under a scope of your own.' });
}
