// Owns counting downloads in D1: one counter for each version and day.
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { registryDownloads } from './schema.ts';

const DAY_MS = 86_400_000;

/** Adds one download of a version today (UTC). Keeps nothing about who downloaded. */
export async function addDownload(db: Database, packageId: string, versionId: string, now: Date): Promise<void> {
  const day = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  await db
    .insert(registryDownloads)
    .values({ id: `${versionId}:${day.toISOString().slice(0, 10)}`, packageId, versionId, downloadedAt: day })
    .onConflictDoUpdate({ target: registryDownloads.id, set: { count: sql`${registryDownloads.count} + 1` } });
}
