// Owns forgetting sign-ins that nobody finished, and with them where they came from.

import type { RegistryContext } from '../../context.ts';
import { deleteExpired } from '../../database/accounts/device-codes.ts';

export function sweepSignIns({ db, now }: RegistryContext): Promise<void> {
  return deleteExpired(db, now());
}
