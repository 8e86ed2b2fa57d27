// Owns cleaning up: objects of publishes that died are deleted once nothing can still be using them.
import { openDatabase } from '../database/database.ts';
import { findStaleAttempts, forgetAttempt, isNamed } from '../database/publishing.ts';
import type { Env } from '../env.ts';
import { deleteArtifacts } from '../storage/artifacts.ts';

/** No publish runs this long. */
const STALE_AFTER_MS = 3_600_000;
/** Keeps one run within a Worker's limit of subrequests; the next run goes on. */
const ATTEMPTS_A_RUN = 200;

/** Deletes the objects of dead attempts, except those a version names. Parts of unfinished uploads expire in R2 by themselves. */
export async function sweep(env: Env, now: Date): Promise<{ attempts: number; objects: number }> {
  const db = openDatabase(env.DB);
  const stale = await findStaleAttempts(db, new Date(now.getTime() - STALE_AFTER_MS), ATTEMPTS_A_RUN);
  let objects = 0;
  for (const { id, keys } of stale) {
    const orphans: string[] = [];
    for (const key of keys) if (!(await isNamed(db, key))) orphans.push(key);
    await deleteArtifacts(env.R2, orphans);
    await forgetAttempt(db, id);
    objects += orphans.length;
  }
  return { attempts: stale.length, objects };
}
