import t from 'tap';
import {
  count,
  formatAge,
  formatMoment,
  formatSize,
  formatSpan,
  formatWait,
  shellWord,
} from '../../terminal/format.ts';

t.test('sizes have one decimal and the unit that fits', async (t) => {
  const table: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [3_200_000, '3.2 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [104_857_600, '104.9 MB'],
    [5_000_000_000_000, '5000.0 GB'],
  ];
  for (const [bytes, text] of table) t.equal(formatSize(bytes), text);
});

t.test('one file, two files', async (t) => {
  t.equal(count(1, 'file'), '1 file');
  t.equal(count(0, 'file'), '0 files');
});

t.test('a word is quoted for the shell only if it must be', async (t) => {
  t.equal(shellWord('rust-mastery'), 'rust-mastery');
  t.equal(shellWord('my course'), '"my course"');
  t.equal(shellWord('a$(b)"c'), '"a\\$(b)\\"c"');
});

t.test('moments are told from now, and from a day on by date', async (t) => {
  const now = new Date('2026-11-24T12:00:00Z');
  const table: [string, string][] = [
    ['2026-11-24T12:00:00Z', 'just now'],
    ['2026-11-24T12:00:30Z', 'just now'],
    ['2026-11-24T11:59:01Z', 'just now'],
    ['2026-11-24T11:59:00Z', '1 minute ago'],
    ['2026-11-24T11:00:01Z', '59 minutes ago'],
    ['2026-11-24T11:00:00Z', '1 hour ago'],
    ['2026-11-23T12:00:01Z', '23 hours ago'],
    ['2026-11-23T12:00:00Z', '2026-11-23 12:00'],
    ['2024-02-29T23:59:59Z', '2024-02-29 23:59'],
  ];
  for (const [moment, shown] of table) t.equal(formatMoment(new Date(moment), now), shown, moment);
});

t.test('ages are told in the unit that fits', async (t) => {
  const now = new Date('2026-11-24T12:00:00Z');
  const table: [string, string][] = [
    ['2026-11-24T23:00:00Z', 'today'],
    ['2026-11-23T12:00:01Z', 'today'],
    ['2026-11-23T12:00:00Z', '1 day ago'],
    ['2026-10-25T12:00:00Z', '30 days ago'],
    ['2026-10-24T12:00:00Z', '1 month ago'],
    ['2025-11-25T12:00:00Z', '11 months ago'],
    ['2025-11-24T12:00:00Z', '1 year ago'],
    ['2020-01-01T00:00:00Z', '6 years ago'],
  ];
  for (const [moment, shown] of table) t.equal(formatAge(new Date(moment), now), shown, moment);
});

t.test('a length of time is said in its largest unit', async (t) => {
  const table: [milliseconds: number, shown: string][] = [
    [0, '0 seconds'],
    [1_999, '1 second'],
    [59_999, '59 seconds'],
    [60_000, '1 minute'],
    [3_599_999, '59 minutes'],
    [7_200_000, '2 hours'],
    [400 * 86_400_000, '400 days'],
  ];
  for (const [milliseconds, shown] of table) t.equal(formatSpan(milliseconds), shown);
});

t.test('a wait is said in seconds, minutes or hours, never shorter than it is', async (t) => {
  const said = {
    0: '1 second',
    7: '7 seconds',
    119: '119 seconds',
    121: '3 minutes',
    3600: '60 minutes',
    7201: '3 hours',
  };
  for (const [seconds, words] of Object.entries(said)) t.equal(formatWait(Number(seconds)), words, seconds);
});
