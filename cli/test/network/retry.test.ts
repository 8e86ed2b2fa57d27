import { RegistryError } from '@progy/protocol/errors.ts';
import t from 'tap';
import { NETWORK_POLICY, QUIET_NETWORK } from '../../network/policy.ts';
import { retryAfterSeconds, waitBeforeRetry, withRetries } from '../../network/retry.ts';

const broken = Object.assign(new Error('x'), { code: 'ECONNRESET' });
const busy = new RegistryError('UNAVAILABLE', undefined, { retryAfterSeconds: 0 });
const signal = new AbortController().signal;
const twice = { network: QUIET_NETWORK, retries: 2, signal };

t.test('the wait doubles, with jitter around it', async (t) => {
  t.equal(waitBeforeRetry(broken, 0, NETWORK_POLICY, { random: () => 0.5 }), 500);
  t.equal(waitBeforeRetry(broken, 1, NETWORK_POLICY, { random: () => 0.5 }), 1000);
  t.equal(waitBeforeRetry(broken, 0, NETWORK_POLICY, { random: () => 0 }), 250);
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
  t.equal(await withRetries(async () => outcomes.shift()?.() ?? '', twice), 'done');
  let tries = 0;
  await t.rejects(
    withRetries(async () => {
      tries++;
      throw busy;
    }, twice),
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
  await t.rejects(withRetries(attempt, { ...twice, signal: interruption.signal }), { name: 'AbortError' });
});

t.test('each new try says why, when, and how many are left', async (t) => {
  const lines: string[] = [];
  const policy = { ...NETWORK_POLICY, firstWaitMs: 0 };
  const failing = async () => {
    throw new RegistryError('UNAVAILABLE', 'The registry is busy', { retryAfterSeconds: 0 });
  };
  const network = { policy, say: (line: string) => void lines.push(line) };
  await t.rejects(withRetries(failing, { ...twice, network }), { code: 'UNAVAILABLE' });
  t.same(lines, [
    'The registry is busy. Trying again in 1 second (try 2 of 3).',
    'The registry is busy. Trying again in 1 second (try 3 of 3).',
  ]);
});
