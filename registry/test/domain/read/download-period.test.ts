// What periods of the downloads API mean, and which are refused.
import t from 'tap';
import { daysOf, listDays, parsePeriod } from '../../../domain/read/download-period.ts';

const NOW = new Date('2026-03-01T23:59:59.999Z');

t.test('a period is whole days, both ends included, in UTC', (t) => {
  const table: [string, string, string, number][] = [
    ['last-day', '2026-03-01', '2026-03-01', 1],
    ['last-week', '2026-02-23', '2026-03-01', 7],
    ['last-month', '2026-01-31', '2026-03-01', 30],
    ['2024-02-29', '2024-02-29', '2024-02-29', 1],
    ['2026-02-27:2026-03-02', '2026-02-27', '2026-03-02', 4],
    ['2025-01-01:2026-07-03', '2025-01-01', '2026-07-03', 549],
  ];
  for (const [text, first, last, days] of table) {
    const period = parsePeriod(text, NOW);
    t.equal(daysOf(period), days, text);
    t.match(listDays(period), { 0: first, [days - 1]: last, length: days }, text);
  }
  t.same(listDays(parsePeriod('2026-02-27:2026-03-02', NOW)), ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
  t.end();
});

t.test('anything else is INVALID_REQUEST and says what there is', (t) => {
  const table: [string, RegExp][] = [
    ['', /last-day, last-week/],
    ['last-year', /last-day, last-week/],
    ['constructor', /last-day, last-week/],
    ['2026-02-30', /last-day, last-week/],
    ['2026-1-1', /last-day, last-week/],
    ['2026-01-01:', /last-day, last-week/],
    ['2026-01-01:2026-01-02:2026-01-03', /last-day, last-week/],
    ['0000-00-00', /last-day, last-week/],
    ['2026-01-02:2026-01-01', /ends on the day it begins, or later/],
    ['2025-01-01:2026-07-04', /at most 549 days/],
    ['0001-01-01:9999-12-31', /at most 549 days/],
  ];
  for (const [text, message] of table) {
    t.throws(() => parsePeriod(text, NOW), { code: 'INVALID_REQUEST', message, evidence: { found: text } }, text);
  }
  t.end();
});
