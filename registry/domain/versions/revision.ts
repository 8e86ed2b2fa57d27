// Owns `_rev`, CouchDB's optimistic lock as npm still sends it: its format, and what happens if it is out of date.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { isStale } from '../../database/course-lock.ts';
import type { PackageRow } from '../../database/packages.ts';

/** Times that a change without a `_rev` is retried while others change the course. */
const ATTEMPTS = 10;

/** `_rev` of a packument: the number of changes, and the id of the course, so that no other course's fits. */
export function revOf(row: Pick<PackageRow, 'id' | 'rev'>): string {
  return `${row.rev}-${row.id.replaceAll('-', '')}`;
}

/**
 * @param held what the client read before it decided.
 * @throws {RegistryError} REVISION_CONFLICT when the course has changed since.
 */
export function checkRev(name: PackageName, row: Pick<PackageRow, 'id' | 'rev'>, held: string): void {
  if (held !== revOf(row)) throw conflict(name);
}

/**
 * Runs a read, a decision and a write that begins with `requireRev`; repeats all of it if the course changed in between.
 * @throws {RegistryError} REVISION_CONFLICT if it keeps changing; whatever the work throws.
 */
export async function untilSettled<T>(name: PackageName, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isStale(error)) throw error;
    }
  }
  throw conflict(name);
}

function conflict({ full }: PackageName): RegistryError {
  const message = `Somebody changed ${full} in the meantime, so nothing was done. Run the command again`;
  return new RegistryError('REVISION_CONFLICT', message, { name: full });
}
