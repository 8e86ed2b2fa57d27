// Owns cleaning up: deleting the objects of dead publishes and of versions long unpublished, once nothing can still use them.
import type { RegistryContext } from '../../context.ts';
import { findStaleAttempts, forgetAttempt, isNamed } from '../../database/publish/insert-version.ts';
import { findUnswept, markSwept } from '../../database/versions/unpublished.ts';

/** No publish runs this long. */
const STALE_AFTER_MS = 3_600_000;
/** No download runs this long, and an operator has a day to restore what was unpublished by mistake. */
const KEPT_UNPUBLISHED_MS = 24 * 3_600_000;
/** Keeps one run within a Worker's limit of subrequests; the next run continues. */
const ATTEMPTS_A_RUN = 150;
const VERSIONS_A_RUN = 100;

/** What a run of the sweep did. */
export interface Swept {
  attempts: number;
  versions: number;
  objects: number;
}

/** Deletes what nobody can need any more, up to the limit per run. */
export async function sweep(context: RegistryContext): Promise<Swept> {
  const dead = await sweepAttempts(context);
  const gone = await sweepUnpublished(context);
  return { attempts: dead.attempts, versions: gone.versions, objects: dead.objects + gone.objects };
}

/** Deletes the objects of dead attempts, except those a version names. Parts of unfinished uploads expire in R2 by themselves. */
async function sweepAttempts({ db, artifacts, now }: RegistryContext): Promise<Omit<Swept, 'versions'>> {
  const stale = await findStaleAttempts(db, new Date(now().getTime() - STALE_AFTER_MS), ATTEMPTS_A_RUN);
  let objects = 0;
  for (const { id, keys } of stale) {
    const orphans: string[] = [];
    for (const key of keys) if (!(await isNamed(db, key))) orphans.push(key);
    await artifacts.delete(orphans);
    await forgetAttempt(db, id);
    objects += orphans.length;
  }
  return { attempts: stale.length, objects };
}

/** Bytes first: if a run dies before it marks a version as swept, the next one only deletes again what is already gone. */
async function sweepUnpublished({ db, artifacts, now }: RegistryContext): Promise<Omit<Swept, 'attempts'>> {
  const gone = await findUnswept(db, new Date(now().getTime() - KEPT_UNPUBLISHED_MS), VERSIONS_A_RUN);
  const keys = gone.flatMap(({ storageKey, tarballKey }) => [storageKey, tarballKey]);
  if (gone.length === 0) return { versions: 0, objects: 0 };
  await artifacts.delete(keys);
  await markSwept(
    db,
    gone.map(({ id }) => id),
    now(),
  );
  return { versions: gone.length, objects: keys.length };
}
