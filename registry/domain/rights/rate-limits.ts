// Owns slowing down who asks too often: what is counted, and what is read by who is over the limit.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { LimitName, RequestContext } from '../../context.ts';

/** How long to wait: the period of every limit in wrangler.toml. */
const RETRY_AFTER_SECONDS = 60;

/**
 * `login` slows the guessing of one password, `address` what one address does to many accounts or codes, `search` all its
 * searches. A classroom shares one address: the last two are far above what its people do, and far below what guessing needs.
 */
const SENTENCES: Readonly<Record<LimitName, string>> = {
  login: 'Too many sign-ins; wait a minute',
  search: 'Too many searches; wait a minute',
  address: 'Too many sign-ins from here; wait a minute',
};

/**
 * Counts one more of something that the sender of a request does.
 * @param what what it is done to, for limits that count each apart.
 * @throws {RegistryError} RATE_LIMITED when that is too many.
 */
export async function limitRate(
  { limits, address }: Pick<RequestContext, 'limits' | 'address'>,
  limit: LimitName,
  what = '',
): Promise<void> {
  if (await limits[limit](`${address} ${what}`)) return;
  throw new RegistryError('RATE_LIMITED', SENTENCES[limit], { retryAfter: RETRY_AFTER_SECONDS });
}
