// Owns forgetting sign-ins that nobody finished, and with them where they came from.

import { deleteExpired } from '../../database/accounts/device-codes.ts';
import { openDatabase } from '../../database/database.ts';
import type { Env } from '../../env.ts';

export function sweepSignIns(env: Env, now: Date): Promise<void> {
  return deleteExpired(openDatabase(env.DB), now);
}
