// Owns what the CLI and a registry say to each other for a sign-in in a browser: RFC 8628.
import { RegistryError } from '@progy/protocol/errors.ts';
import { CliError } from '../cli-error.ts';
import { type AnswerBody, textIn } from './answers.ts';
import type { Registry } from './choice.ts';

/** How a sign-in names this program. */
const CLIENT_ID = 'progy';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Seconds, where the registry says nothing (RFC 8628 §3.2). */
const DEFAULT_INTERVAL = 5;

/** A sign-in that a person has yet to approve in a browser. */
export interface PendingSignIn {
  /** Secret: it is asked for the token with. */
  readonly deviceCode: string;
  /** What a person compares. */
  readonly userCode: string;
  /** The page that approves it. */
  readonly page: string;
  /** Seconds between two questions for the token, and until there will be none. */
  readonly interval: number;
  readonly expiresIn: number;
}

/** What asking for a token comes to: it, or the word of RFC 8628 §3.5 for why not. */
export type TokenAnswer = { readonly token: string } | { readonly refusal: Refusal };
/** RFC 6749 §5.2 adds the last one: a code that is used up or unknown. */
const REFUSALS = ['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Asks for a code. `host`, the name of this computer, is ours: the page shows it. */
export function codeRequest(host: string): object {
  return { client_id: CLIENT_ID, host };
}

/** Asks for the token. */
export function tokenRequest(deviceCode: string): object {
  return { grant_type: GRANT_TYPE, device_code: deviceCode, client_id: CLIENT_ID };
}

/** @throws {CliError} NOT_A_REGISTRY for a page that no browser should be sent to. */
export function toSignIn(body: AnswerBody, registry: Registry): PendingSignIn {
  const page = URL.parse(textIn(body, 'verification_uri_complete', registry));
  if (page === null || !/^https?:$/.test(page.protocol)) {
    throw new CliError('NOT_A_REGISTRY', `${registry.label} names no web page to sign in at`);
  }
  return {
    deviceCode: textIn(body, 'device_code', registry),
    userCode: textIn(body, 'user_code', registry),
    page: page.href,
    interval: Math.max(Number(body.interval ?? DEFAULT_INTERVAL) || DEFAULT_INTERVAL, 1),
    expiresIn: Number(body.expires_in) || 0,
  };
}

/** OAuth puts a word where our sentence is. */
export async function toTokenAnswer(answer: Promise<AnswerBody>, registry: Registry): Promise<TokenAnswer> {
  try {
    return { token: textIn(await answer, 'access_token', registry) };
  } catch (error) {
    const refusal = REFUSALS.find((word) => error instanceof RegistryError && error.message === word);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}
