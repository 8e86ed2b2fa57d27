// Owns periods of download counts, as npm names them: whole days, UTC.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { startOfDay } from '../../database/read/downloads.ts';

const DAY_MS = 86_400_000;
/** 18 months, like npm's limit. */
const MAX_DAYS = 549;

/** Days back from today, today included. Unlike npm's, our counters include today. */
const NAMED: Readonly<Record<string, number>> = { 'last-day': 1, 'last-week': 7, 'last-month': 30 };

/** From one day to another, inclusive. */
export interface Period {
  /** Midnight, UTC. */
  readonly first: Date;
  readonly last: Date;
}

/**
 * Parses `last-day`, `last-week`, `last-month`, `2026-11-24` or `2026-11-01:2026-11-24`.
 * @throws {RegistryError} INVALID_REQUEST, also for more than 18 months.
 */
export function parsePeriod(text: string, now: Date): Period {
  const period = namedPeriod(text, now) ?? datedPeriod(text);
  if (period === undefined) throw refusal('A period is last-day, last-week, last-month, a day, or day:day', text);
  const days = daysOf(period);
  if (days < 1) throw refusal('A period ends on the day it begins, or later', text);
  if (days > MAX_DAYS) throw refusal(`A period has at most ${MAX_DAYS} days`, text);
  return period;
}

/** Number of days in a period. */
export function daysOf({ first, last }: Period): number {
  return (last.getTime() - first.getTime()) / DAY_MS + 1;
}

/** Every day of a period as `2026-11-24`, in order. */
export function listDays(period: Period): string[] {
  return Array.from({ length: daysOf(period) }, (_, day) => dayText(new Date(period.first.getTime() + day * DAY_MS)));
}

/** `2026-11-24`. */
export function dayText(day: Date): string {
  return day.toISOString().slice(0, 10);
}

function namedPeriod(text: string, now: Date): Period | undefined {
  const days = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined;
  if (days === undefined) return undefined;
  const last = startOfDay(now);
  return { first: new Date(last.getTime() - (days - 1) * DAY_MS), last };
}

function datedPeriod(text: string): Period | undefined {
  const [from = '', to = from, ...rest] = text.split(':');
  const [first, last] = [parseDay(from), parseDay(to)];
  return first && last && rest.length === 0 ? { first, last } : undefined;
}

/** Date would turn the 30th of February into the 2nd of March. */
function parseDay(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && dayText(day) === text ? day : undefined;
}

function refusal(sentence: string, text: string): RegistryError {
  const found = quote(text);
  return new RegistryError('INVALID_REQUEST', `${sentence}, such as last-week or 2026-11-01:2026-11-24`, { found });
}
