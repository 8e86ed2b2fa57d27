// Owns /downloads/point, /downloads/range and /versions: how often a course was downloaded, in the shapes of npm's downloads API.
import type { AppContext } from '../../../app-env.ts';
import { dayText, type Period, parsePeriod } from '../../../domain/read/download-period.ts';
import { readDailyDownloads, readVersionDownloads } from '../../../domain/read/downloads.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

/** GET /downloads/point/<period>/@scope/slug: how many in all. */
export async function getDownloadsPoint(c: AppContext): Promise<Response> {
  const { full, period, days, caching } = await daily(c);
  const downloads = days.reduce((total, day) => total + day.downloads, 0);
  return c.json({ downloads, ...bounds(period), package: full }, 200, caching);
}

/** GET /downloads/range/<period>/@scope/slug: how many on each day. */
export async function getDownloadsRange(c: AppContext): Promise<Response> {
  const { full, period, days, caching } = await daily(c);
  return c.json({ ...bounds(period), package: full, downloads: days }, 200, caching);
}

/** GET /versions/@scope/slug/<period>: how many of each version. */
export async function getVersionDownloads(c: AppContext): Promise<Response> {
  const name = nameInPath(c);
  const { isPublic, downloads } = await readVersionDownloads(c.var.context, name, periodIn(c));
  return c.json({ package: name.full, downloads }, 200, cachingOf(isPublic));
}

async function daily(c: AppContext) {
  const name = nameInPath(c);
  const period = periodIn(c);
  const { isPublic, days } = await readDailyDownloads(c.var.context, name, period);
  return { full: name.full, period, days, caching: cachingOf(isPublic) };
}

function periodIn(c: AppContext): Period {
  return parsePeriod(c.req.param('period') ?? '', c.var.context.now());
}

function bounds({ first, last }: Period) {
  return { start: dayText(first), end: dayText(last) };
}

/** The counters change all the time; a few minutes old is fresh enough. */
function cachingOf(isPublic: boolean) {
  return { 'Cache-Control': isPublic ? 'public, max-age=300' : 'private, no-store', Vary: 'Authorization' };
}
