// Owns counting downloads in D1: one counter for each version and day, and how popular that makes the course.
import { eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { registryDownloads, registryPackages } from './schema.ts';

const DAY_MS = 86_400_000;
/** A download counts half as much for the heat of a course after this long. */
const HALF_LIFE_MS = 30 * DAY_MS;
/** Migration 0006 counts from here too. */
const HEAT_EPOCH = Date.UTC(2026, 0, 1);

/** Adds one download of a version today (UTC). Keeps nothing about who downloaded. */
export async function addDownload(db: Database, packageId: string, versionId: string, now: Date): Promise<void> {
  const day = startOfDay(now);
  await db.batch([
    db
      .insert(registryDownloads)
      .values({ id: `${versionId}:${day.toISOString().slice(0, 10)}`, packageId, versionId, downloadedAt: day })
      .onConflictDoUpdate({ target: registryDownloads.id, set: { count: sql`${registryDownloads.count} + 1` } }),
    db
      .update(registryPackages)
      .set({ heat: sql`${registryPackages.heat} + ${heatOf(day)}` })
      .where(eq(registryPackages.id, packageId)),
  ]);
}

/** The start of a day, UTC. */
export function startOfDay(time: Date): Date {
  return new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
}

/**
 * What a download at that time adds to the heat of its course: later ones add more, so that earlier ones need not be
 * counted again to weigh less. The heat of a course divided by today's value is the downloads it has, each halved
 * every 30 days. Doubles hold that until 2110.
 */
export function heatOf(time: Date): number {
  return 2 ** ((time.getTime() - HEAT_EPOCH) / HALF_LIFE_MS);
}
