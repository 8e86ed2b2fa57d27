import { RegistryError } from '@progy/protocol/errors.ts';
import t from 'tap';
import { retryAfterSeconds, waitBeforeRetry, withRetries } from '../../network/retry.ts';

const broken = Object.assign(new Error('x'), { code: 'ECONNRESET' });
const busy = new RegistryError('UNAVAILABLE', undefined, { retryAfterSeconds: 0 });
const signal = new AbortController().signal;

t.test('the wait doubles, with jitter around it', async (t) => {
  t.equal(
    waitBeforeRetry(broken, 0, () => 0.5),
    500,
  );
  t.equal(
    waitBeforeRetry(broken, 1, () => 0.5),
    1000,
  );
  t.equal(
    waitBeforeRetry(broken, 0, () => 0),
    250,
  );
});

t.test('a registry that says when to come back is obeyed, unless that is too long to sit and wait', async (t) => {
  t.equal(waitBeforeRetry(new RegistryError('RATE_LIMITED', '', { retryAfterSeconds: 7 }), 0), 7000);
  t.equal(waitBeforeRetry(new RegistryError('RATE_LIMITED', '', { retryAfterSeconds: 3600 }), 0), undefined);
});

t.test('what will not pass is not tried again', async (t) => {
  for (const error of [
    new RegistryError('VERSION_EXISTS'),
    new RegistryError('INTERNAL'),
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
  ]) {
    t.equal(waitBeforeRetry(error, 0), undefined, error.message);
  }
});

t.test('Retry-After holds seconds or a date', async (t) => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  t.equal(retryAfterSeconds('120', now), 120);
  t.equal(retryAfterSeconds('Thu, 01 Jan 2026 00:00:30 GMT', now), 30);
  t.equal(retryAfterSeconds('Thu, 01 Jan 2025 00:00:00 GMT', now), 0);
  t.equal(retryAfterSeconds('soon', now), undefined);
  t.equal(retryAfterSeconds(undefined, now), undefined);
});

t.test('an attempt is repeated until it works or the retries are used up', async (t) => {
  const outcomes: (() => string)[] = [
    () => {
      throw busy;
    },
    () => 'done',
  ];
  t.equal(await withRetries(async () => outcomes.shift()?.() ?? '', 2, signal), 'done');
  let tries = 0;
  await t.rejects(
    withRetries(
      async () => {
        tries++;
        throw busy;
      },
      2,
      signal,
    ),
    { code: 'UNAVAILABLE' },
  );
  t.equal(tries, 3);
});

t.test('Ctrl-C ends the waiting', async (t) => {
  const interruption = new AbortController();
  const attempt = async () => {
    interruption.abort();
    throw broken;
  };
  await t.rejects(withRetries(attempt, 5, interruption.signal), { name: 'AbortError' });
});
