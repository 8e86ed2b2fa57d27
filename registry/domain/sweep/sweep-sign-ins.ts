// Owns deleting sign-ins that nobody finished, including where they came from.

import type { RegistryContext } from '../../context.ts';
import { deleteExpired } from '../../database/accounts/device-codes.ts';

export function sweepSignIns({ db, now }: RegistryContext): Promise<void> {
  return deleteExpired(db, now());
}
