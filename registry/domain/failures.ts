// Owns turning any failure into an error from the table.
import { RegistryError } from '@progy/protocol/errors.ts';
import { isBusy } from '../database/database.ts';

/** How soon D1 may answer again. */
const RETRY_AFTER_SECONDS = 2;

/** An unexpected error is INTERNAL, or UNAVAILABLE if it may be temporary. */
export function toRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  return isBusy(error)
    ? new RegistryError('UNAVAILABLE', undefined, { retryAfter: RETRY_AFTER_SECONDS })
    : new RegistryError('INTERNAL');
}
