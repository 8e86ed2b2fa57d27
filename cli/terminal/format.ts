// Owns formatting sizes, counts, times and commands for people.

/** Bytes as people read them, in powers of 1000: `987 B`, `3.2 MB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  // 999.95 and above would be rounded to 1000.0.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** `1 file`, `3 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A word as a shell reads it back, quoted only if necessary. */
export function shellWord(word: string): string {
  return /^[\w./~@:+-]+$/.test(word) ? word : `"${word.replace(/(["\\$`])/g, '\\$1')}"`;
}

/** A wait as people say it, rounded up: `7 seconds`, `3 minutes`, `2 hours`. */
export function formatWait(seconds: number): string {
  if (seconds < 120) return count(Math.max(1, seconds), 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? count(minutes, 'minute') : count(Math.ceil(minutes / 60), 'hour');
}

const MINUTE_MS = 60_000;

/** A length of time as people say it: `40 seconds`, `5 minutes`, `3 hours`, `12 days`. @param milliseconds not negative. */
export function formatSpan(milliseconds: number): string {
  const units = [
    [24 * 60 * MINUTE_MS, 'day'],
    [60 * MINUTE_MS, 'hour'],
    [MINUTE_MS, 'minute'],
  ] as const;
  const [length, noun] = units.find(([unit]) => milliseconds >= unit) ?? [1_000, 'second'];
  return count(Math.floor(milliseconds / length), noun);
}

/** When something happened: `3 minutes ago`, or after a day the date and time in UTC, `2026-11-24 07:15`. */
export function formatMoment(moment: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - moment.getTime()) / MINUTE_MS);
  if (minutes >= 24 * 60) return moment.toISOString().slice(0, 16).replace('T', ' ');
  if (minutes >= 60) return `${count(Math.floor(minutes / 60), 'hour')} ago`;
  return minutes >= 1 ? `${count(minutes, 'minute')} ago` : 'just now';
}

/** How long ago a day was, as people say it: `today`, `3 days ago`, `2 months ago`. */
export function formatAge(moment: Date, now: Date): string {
  const days = Math.floor((now.getTime() - moment.getTime()) / (24 * 60 * MINUTE_MS));
  if (days < 1) return 'today';
  if (days < 31) return `${count(days, 'day')} ago`;
  return days < 365 ? `${count(Math.floor(days / 30.4), 'month')} ago` : `${count(Math.floor(days / 365), 'year')} ago`;
}
