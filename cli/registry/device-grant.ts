// Owns the CLI's part in a browser sign-in (RFC 8628): its requests, and the parts of the answers that it uses.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  DEVICE_GRANT_TYPE,
  DEVICE_REFUSALS,
  type DeviceCodeRequest,
  type DeviceTokenRequest,
  deviceCodeSchema,
  deviceTokenSchema,
} from '@progy/protocol/wire/accounts/sign-in.ts';
import { CliError } from '../cli-error.ts';
import { type AnswerBody, readDocument } from './answers.ts';
import type { Registry } from './choice.ts';

/** How a sign-in names this program. */
const CLIENT_ID = 'progy';

/** A sign-in that a person has yet to approve in a browser. */
export interface PendingSignIn {
  /** Secret, used to ask for the token. */
  readonly deviceCode: string;
  /** The code that a person compares. */
  readonly userCode: string;
  /** The page that approves it. */
  readonly page: string;
  /** Seconds between polls for the token, and until the sign-in expires. */
  readonly interval: number;
  readonly expiresIn: number;
}

/** The result of asking for a token: the token, or the reason there is none. */
export type TokenAnswer = { readonly token: string } | { readonly refusal: Refusal };
export type Refusal = (typeof DEVICE_REFUSALS)[number];

/** @param host name of this computer: the page shows it. */
export function codeRequest(host: string): DeviceCodeRequest {
  return { client_id: CLIENT_ID, host };
}

export function tokenRequest(deviceCode: string): DeviceTokenRequest {
  return { grant_type: DEVICE_GRANT_TYPE, device_code: deviceCode, client_id: CLIENT_ID };
}

/** @throws {CliError} NOT_A_REGISTRY for a page that no browser should be sent to. */
export function toSignIn(body: AnswerBody, { label }: Registry): PendingSignIn {
  const code = readDocument(deviceCodeSchema, body, label);
  const page = URL.parse(code.verification_uri_complete);
  if (page === null || !/^https?:$/.test(page.protocol)) {
    throw new CliError('NOT_A_REGISTRY', `${label} gave no web page to sign in on`);
  }
  return {
    deviceCode: code.device_code,
    userCode: code.user_code,
    page: page.href,
    interval: Math.max(code.interval, 1),
    expiresIn: code.expires_in,
  };
}

/** OAuth puts a code in `error`, where we put a sentence. */
export async function toTokenAnswer(answer: Promise<AnswerBody>, { label }: Registry): Promise<TokenAnswer> {
  try {
    return { token: readDocument(deviceTokenSchema, await answer, label).access_token };
  } catch (error) {
    const refusal = DEVICE_REFUSALS.find((word) => error instanceof RegistryError && error.message === word);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}
