// Owns what a failure means to whoever asked: an error of the table, whatever has failed.
import { RegistryError } from '@progy/protocol/errors.ts';
import { isBusy } from '../database/database.ts';

/** How soon D1 may answer again. */
const RETRY_AFTER_SECONDS = 2;

/** An error that nobody foresaw is INTERNAL, or UNAVAILABLE if it may pass by itself. */
export function toRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  return isBusy(error)
    ? new RegistryError('UNAVAILABLE', undefined, { retryAfter: RETRY_AFTER_SECONDS })
    : new RegistryError('INTERNAL');
}
