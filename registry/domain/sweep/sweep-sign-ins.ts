// Owns deleting sign-ins that nobody finished, including where they came from, and what students let the registry do at GitHub.
import type { RegistryContext } from '../../context.ts';
import { deleteExpired } from '../../database/accounts/device-codes.ts';
import { grantsToRetry, sweepGrants } from '../portfolio/grants.ts';

/** Grants first: what is deleted can no longer be withdrawn. */
export async function sweepSignIns(context: RegistryContext): Promise<void> {
  await sweepGrants(context);
  await deleteExpired(context.db, context.now(), grantsToRetry(context));
}
