// Owns the download counts of a course, for readers.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { RequestContext } from '../../context.ts';
import { countByDay, countByVersion } from '../../database/read/downloads.ts';
import { findVisible } from '../rights/visible-package.ts';
import { dayText, listDays, type Period } from './download-period.ts';

/** Counts, and whether everybody may see them. */
interface Visible {
  isPublic: boolean;
}

export interface DayCount {
  downloads: number;
  /** `2026-11-24`. */
  day: string;
}

/** Downloads of each day of a period, including days without any. @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readDailyDownloads(
  context: RequestContext,
  name: PackageName,
  period: Period,
): Promise<Visible & { days: DayCount[] }> {
  const { id, isPublic } = await findVisible(context, name);
  const rows = await countByDay(context.db, id, period.first, period.last);
  const counts = new Map(rows.map(({ day, downloads }) => [dayText(day), downloads]));
  return { isPublic, days: listDays(period).map((day) => ({ downloads: counts.get(day) ?? 0, day })) };
}

/** Downloads of each version in a period; versions without any are left out. @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readVersionDownloads(
  context: RequestContext,
  name: PackageName,
  period: Period,
): Promise<Visible & { downloads: Record<string, number> }> {
  const { id, isPublic } = await findVisible(context, name);
  const rows = await countByVersion(context.db, id, period.first, period.last);
  return { isPublic, downloads: Object.fromEntries(rows.map(({ version, downloads }) => [version, downloads])) };
}
