// Owns refusing publishes over the hourly quota.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';

/**
 * Refuses early a publish that the commit would refuse.
 * @param published versions of the account in this hour.
 * @throws {RegistryError} RATE_LIMITED.
 */
export function checkQuota({ settings, now }: SignedInContext, published: number): void {
  const quota = settings.publishVersionsPerHour;
  if (published >= quota) throw rateLimited(quota, now());
}

/** The error for a used-up quota. */
export function rateLimited(quota: number, now: Date): RegistryError {
  const retryAfter = 3_600 - (Math.floor(now.getTime() / 1_000) % 3_600);
  const message = `An account may publish ${quota} versions in an hour; the next hour begins in ${Math.ceil(retryAfter / 60)} minutes`;
  return new RegistryError('RATE_LIMITED', message, { retryAfter });
}
