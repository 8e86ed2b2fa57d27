// Owns rate limits: what is counted, and the sentence for those over the limit.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { LimitName, RequestContext } from '../../context.ts';

/** How long to wait: the period of every limit in wrangler.toml. */
const RETRY_AFTER_SECONDS = 60;

/**
 * `login` slows guessing one password, `address` limits what one address does to many accounts or codes, `search` all its
 * searches, `portfolio` what one account has asked of GitHub, `people` the lists of
 * email addresses that come from one address, as accounts cost nothing. A classroom shares one address: the ones by address
 * are far above what a class needs, and far below what guessing needs.
 */
const SENTENCES: Readonly<Record<LimitName, string>> = {
  login: 'Too many sign-ins; wait a minute',
  search: 'Too many searches; wait a minute',
  address: 'Too many sign-ins from here; wait a minute',
  portfolio: 'Too many questions about GitHub; wait a minute',
  people: 'Too many lists of email addresses; wait a minute',
};

/**
 * Counts one more action by the sender of a request.
 * @param what the target, for limits that count each target separately.
 * @throws {RegistryError} RATE_LIMITED over the limit.
 */
export async function limitRate(
  { limits, address }: Pick<RequestContext, 'limits' | 'address'>,
  limit: LimitName,
  what = '',
): Promise<void> {
  if (await limits[limit](`${address} ${what}`)) return;
  throw new RegistryError('RATE_LIMITED', SENTENCES[limit], { retryAfter: RETRY_AFTER_SECONDS });
}
