// Rate limits: what is counted, and the message for those over the limit.
import t from 'tap';
import type { LimitName } from '../../../context.ts';
import { limitRate } from '../../../domain/rights/rate-limits.ts';

/** A context that lets each key through so often, and the keys it counted. */
function limitedTo(times: number) {
  const counted: string[] = [];
  const limiter = (limit: LimitName) => async (key: string) => {
    counted.push(`${limit}: ${key}`);
    return counted.filter((one) => one === `${limit}: ${key}`).length <= times;
  };
  const limits = {
    login: limiter('login'),
    search: limiter('search'),
    address: limiter('address'),
    portfolio: limiter('portfolio'),
    people: limiter('people'),
  };
  return { counted, context: { limits, address: '192.0.2.1' } };
}

t.test('one too many is RATE_LIMITED, with a sentence of its own and when to come back', async (t) => {
  const sentences: Record<LimitName, string> = {
    login: 'Too many sign-ins; wait a minute',
    search: 'Too many searches; wait a minute',
    address: 'Too many sign-ins from here; wait a minute',
    portfolio: 'Too many questions about GitHub; wait a minute',
    people: 'Too many lists of email addresses; wait a minute',
  };
  for (const limit of ['login', 'search', 'address', 'portfolio', 'people'] as const) {
    const { context } = limitedTo(1);
    await t.resolves(limitRate(context, limit, 'this'));
    const refused = { code: 'RATE_LIMITED', message: sentences[limit], evidence: { retryAfter: 60 } };
    await t.rejects(limitRate(context, limit, 'this'), refused, limit);
    await t.resolves(limitRate(context, limit, 'that'), 'something else is counted apart');
    await t.resolves(limitRate({ ...context, address: '192.0.2.2' }, limit, 'this'), 'and so is another address');
  }
});

t.test('what is counted is the address and what is done to what', async (t) => {
  const { context, counted } = limitedTo(9);
  await limitRate(context, 'login', 'diego');
  await limitRate(context, 'search');
  t.same(counted, ['login: 192.0.2.1 diego', 'search: 192.0.2.1 ']);
});
