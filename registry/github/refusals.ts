// Owns what it means when GitHub does not do what it was asked.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { z } from 'zod';

const MAX_SENTENCE = 200;
/** Seconds; GitHub's limits start again every hour. */
const LONGEST_WAIT = 3_600;
const SHORTEST_WAIT = 60;

const bodySchema = z.object({
  message: z.string().catch(''),
  errors: z.array(z.object({ message: z.string().catch('') }).catch({ message: '' })).catch([]),
});

/** What GitHub says about a refusal. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Whether it refused because the account has a repository of that name. */
export function isNameTaken({ status, body }: Refusal): boolean {
  return status === 422 && /already exists/i.test(sentenceIn(body));
}

/**
 * The error of the table for a refusal.
 * @returns GITHUB_NOT_LINKED, RATE_LIMITED, GITHUB_REFUSED or GITHUB_UNAVAILABLE.
 */
export function toError(refusal: Refusal): RegistryError {
  const { status, headers, body } = refusal;
  if (status >= 500) return unavailable();
  if (status === 401) return new RegistryError('GITHUB_NOT_LINKED', 'GitHub no longer lets this registry in');
  if (isOverLimit(refusal)) return overLimit(refusal);
  if (headers.has('x-github-sso'))
    return new RegistryError('GITHUB_REFUSED', 'GitHub wants you to sign in to your organization first');
  return new RegistryError(
    'GITHUB_REFUSED',
    `GitHub refused: ${quote(sentenceIn(body) || `status ${status}`, MAX_SENTENCE)}`,
  );
}

/** The error for no answer at all, or one that is not GitHub's. @param cause must not hold a token: it is logged. */
export function unavailable(cause?: unknown): RegistryError {
  return new RegistryError('GITHUB_UNAVAILABLE', undefined, { retryAfter: SHORTEST_WAIT }, { cause });
}

function isOverLimit({ status, headers }: Refusal): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0');
}

function overLimit({ headers }: Refusal): RegistryError {
  const wait = Number(headers.get('retry-after') ?? SHORTEST_WAIT);
  const retryAfter = Math.min(Math.max(Number.isFinite(wait) ? wait : SHORTEST_WAIT, 1), LONGEST_WAIT);
  return new RegistryError('RATE_LIMITED', 'GitHub asks you to wait', { retryAfter });
}

function sentenceIn(body: unknown): string {
  const { message, errors } = bodySchema.safeParse(body).data ?? { message: '', errors: [] };
  return [message, ...errors.map((error) => error.message)].filter((text) => text !== '').join(': ');
}
