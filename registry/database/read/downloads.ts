// Owns counting downloads in D1: one counter for each version and day, and the popularity of the course that follows from them.
import { and, between, eq, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { registryDownloads, registryPackages, registryVersions } from '../schema/tables.ts';

const DAY_MS = 86_400_000;
/** Half-life of a download in the popularity of its course. */
const HALF_LIFE_MS = 30 * DAY_MS;
/** Migration 0007 counts from here too. */
const WEIGHT_EPOCH = Date.UTC(2026, 0, 1);

/** Downloads of one version on one day. */
export interface DownloadCount {
  packageId: string;
  versionId: string;
  /** Start of the day, UTC. */
  day: Date;
  count: number;
}

/** Adds any number of downloads in two statements, all or nothing. Stores nothing about who downloaded. */
export async function addDownloads(db: Database, counts: readonly DownloadCount[]): Promise<void> {
  const rows = sql`json_each(${JSON.stringify(counts.map(toRow))})`;
  await db.batch([
    db
      .insert(registryDownloads)
      .select(
        sql`SELECT value ->> 'id', value ->> 'packageId', value ->> 'versionId', NULL, NULL, value ->> 'seconds', value ->> 'count'
          FROM ${rows} WHERE true`,
      )
      .onConflictDoUpdate({
        target: registryDownloads.id,
        set: { count: sql`${registryDownloads.count} + excluded.count` },
      }),
    db
      .update(registryPackages)
      .set({ decayedDownloads: sql`${registryPackages.decayedDownloads} + added.weight` })
      .from(
        sql`(SELECT value ->> 'packageId' AS id, sum(value ->> 'weight') AS weight FROM ${rows} GROUP BY 1) AS added`,
      )
      .where(eq(registryPackages.id, sql`added.id`)),
  ]);
}

function toRow({ packageId, versionId, day, count }: DownloadCount) {
  return {
    id: downloadId(versionId, day),
    packageId,
    versionId,
    seconds: day.getTime() / 1_000,
    count,
    weight: count * downloadWeight(day),
  };
}

/** `<version id>:<day as YYYY-MM-DD>`. */
export function downloadId(versionId: string, day: Date): string {
  return `${versionId}:${day.toISOString().slice(0, 10)}`;
}

/** Downloads of a course on each day from `first` to `last`; days without any are left out. Includes unpublished versions: they were downloaded. */
export function countByDay(
  db: Database,
  packageId: string,
  first: Date,
  last: Date,
): Promise<{ day: Date; downloads: number }[]> {
  return db
    .select({ day: registryDownloads.downloadedAt, downloads: sum })
    .from(registryDownloads)
    .where(inPeriod(packageId, first, last))
    .groupBy(registryDownloads.downloadedAt);
}

/** Downloads of each version that readers see, from `first` to `last`. */
export function countByVersion(
  db: Database,
  packageId: string,
  first: Date,
  last: Date,
): Promise<{ version: string; downloads: number }[]> {
  return db
    .select({ version: registryVersions.version, downloads: sum })
    .from(registryDownloads)
    .innerJoin(registryVersions, eq(registryVersions.id, registryDownloads.versionId))
    .where(and(inPeriod(packageId, first, last), isNull(registryVersions.unpublishedAt)))
    .groupBy(registryDownloads.versionId);
}

/** Downloads of a course from a time on, as SQL. @param packageId a value or a column of the outer query. @param since as {@link daysAgo}. */
export function recentDownloads(packageId: SQLWrapper, since: SQLWrapper | number): SQL<number> {
  return sql<number>`(SELECT coalesce(sum(${registryDownloads.count}), 0) FROM ${registryDownloads}
    WHERE ${registryDownloads.packageId} = ${packageId} AND ${registryDownloads.downloadedAt} >= ${since})`;
}

/** The start of the first of `days` days, today included, in seconds since 1970. */
export function daysAgo(days: number, now: Date): number {
  return (startOfDay(now).getTime() - (days - 1) * DAY_MS) / 1_000;
}

const sum = sql<number>`sum(${registryDownloads.count})`;

function inPeriod(packageId: string, first: Date, last: Date) {
  return and(eq(registryDownloads.packageId, packageId), between(registryDownloads.downloadedAt, first, last));
}

/** The start of a day, UTC. */
export function startOfDay(time: Date): Date {
  return new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
}

/**
 * What a download at that time adds to the decayed downloads of its course: later ones add more, so that earlier ones
 * weigh less without being recounted. Divided by today's weight, the column is the downloads of the course, each
 * halved every 30 days. Doubles can hold this until 2110.
 */
export function downloadWeight(time: Date): number {
  return 2 ** ((time.getTime() - WEIGHT_EPOCH) / HALF_LIFE_MS);
}
