// Owns device authorization (RFC 8628): a program gets a code for a person to approve, and polls for its token.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  DEVICE_GRANT_TYPE,
  type DeviceCode,
  type DeviceError,
  type DeviceToken,
  deviceCodeRequestSchema,
  deviceTokenRequestSchema,
} from '@progy/protocol/wire/accounts/sign-in.ts';
import type { AppContext } from '../../app-env.ts';
import { REFUSAL_SENTENCES, redeem, startSignIn } from '../../domain/accounts/device-sign-in.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';
import { readFields } from '../../http/read-text.ts';
import { whoAsks } from '../../http/who-asks.ts';
import { pathWithCode } from '../../web/paths.ts';

const MAX_BODY_BYTES = 8 * 1024;
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** POST /api/auth/device/code (RFC 8628 §3.1). */
export async function postDeviceCode(c: AppContext): Promise<Response> {
  const request = deviceCodeRequestSchema.safeParse(await readParameters(c));
  if (!request.success)
    return refuse(c, 'invalid_request', 'A sign-in needs a client_id of letters, digits, "." and "-"');
  const { client_id, host } = request.data;
  const started = await startSignIn(c.var.context, client_id, whoAsks(c, { host, otherwise: client_id }));
  const code: DeviceCode = {
    device_code: started.deviceCode,
    user_code: started.userCode,
    verification_uri: started.page,
    verification_uri_complete: pathWithCode(started.page, started.userCode),
    expires_in: started.expiresIn,
    interval: started.interval,
  };
  return answer<DeviceCode>(c, code, 200, NO_STORE);
}

/** POST /api/auth/device/token (RFC 8628 §3.4). The access token is one of the registry's, as `npm token list` lists it. */
export async function postDeviceToken(c: AppContext): Promise<Response> {
  const request = deviceTokenRequestSchema.safeParse(await readParameters(c));
  if (!request.success)
    return refuse(c, 'invalid_request', 'A token request needs grant_type, device_code and client_id');
  const { device_code, client_id, grant_type } = request.data;
  if (grant_type !== DEVICE_GRANT_TYPE)
    return refuse(c, 'unsupported_grant_type', `grant_type must be ${DEVICE_GRANT_TYPE}`);
  const redeemed = await redeem(c.var.context, device_code, client_id);
  if ('refusal' in redeemed) return refuse(c, redeemed.refusal, REFUSAL_SENTENCES[redeemed.refusal]);
  return answer<DeviceToken>(c, { access_token: redeemed.token, token_type: 'Bearer' }, 200, NO_STORE);
}

/** OAuth sends forms; JSON is taken too. @throws {RegistryError} PAYLOAD_TOO_LARGE. */
async function readParameters(c: AppContext): Promise<unknown> {
  if (!c.req.header('content-type')?.includes('x-www-form-urlencoded')) return readJson(c, MAX_BODY_BYTES);
  return readFields(c, MAX_BODY_BYTES);
}

function refuse(c: AppContext, error: DeviceError['error'], sentence: string): Response {
  const { code, status } = new RegistryError('INVALID_REQUEST');
  return answer<DeviceError>(c, { error, error_description: sentence, message: sentence, code }, status, NO_STORE);
}
