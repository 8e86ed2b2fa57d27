// Owns forgetting sign-ins that nobody finished, and with them where they came from.
import { openDatabase } from '../database/database.ts';
import { deleteExpired } from '../database/device-codes.ts';
import type { Env } from '../env.ts';

export function sweepSignIns(env: Env, now: Date): Promise<void> {
  return deleteExpired(openDatabase(env.DB), now);
}
