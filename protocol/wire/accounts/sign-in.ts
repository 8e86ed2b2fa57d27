// Owns the documents of signing in: npm's legacy login, and RFC 8628 through a browser.
import * as z from 'zod';

/** The fields of npm's login that count. */
export const loginRequestSchema = z.object({
  name: z.string().min(1).max(214),
  password: z.string().min(1).max(1_000),
  email: z.string().max(320).nullish(),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** CouchDB's fields; other registries send others, and only the token counts. */
export const loginAnswerSchema = z.object({
  ok: z.unknown().optional(),
  id: z.unknown().optional(),
  rev: z.unknown().optional(),
  token: z.string().min(1),
});
export type LoginAnswer = z.infer<typeof loginAnswerSchema>;

/** Only the fact of an answer counts. */
export const logoutAnswerSchema = z.object({ ok: z.unknown().optional() });
export type LogoutAnswer = z.infer<typeof logoutAnswerSchema>;

export const whoamiSchema = z.object({ username: z.string().min(1) });
export type Whoami = z.infer<typeof whoamiSchema>;

export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Seconds, if the registry sends none (RFC 8628 §3.2). */
const DEFAULT_INTERVAL = 5;

const clientId = z.string().regex(/^[\w.-]{1,64}$/);

/** Requests a code. `host`, the name of the computer, is our own field. */
export const deviceCodeRequestSchema = z.object({ client_id: clientId, host: z.string().optional() });
export type DeviceCodeRequest = z.infer<typeof deviceCodeRequestSchema>;

/** RFC 8628 §3.2. */
export const deviceCodeSchema = z.object({
  /** Secret, used to ask for the token. */
  device_code: z.string().min(1),
  /** The code that a person compares. */
  user_code: z.string().min(1),
  verification_uri: z.string(),
  /** The page that approves it, with the code in it. */
  verification_uri_complete: z.string().min(1),
  /** Seconds. */
  expires_in: z.number(),
  /** Seconds between polls for the token. */
  interval: z.number().default(DEFAULT_INTERVAL),
});
export type DeviceCode = z.input<typeof deviceCodeSchema>;

/** Asks for the token. */
export const deviceTokenRequestSchema = z.object({
  client_id: clientId,
  device_code: z.string().max(191),
  grant_type: z.string(),
});
export type DeviceTokenRequest = z.infer<typeof deviceTokenRequestSchema>;

export const deviceTokenSchema = z.object({ access_token: z.string().min(1), token_type: z.literal('Bearer') });
export type DeviceToken = z.infer<typeof deviceTokenSchema>;

/** The errors of RFC 8628 §3.5 for a token request, and RFC 6749's for a used or unknown code. */
export const DEVICE_REFUSALS = [
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_grant',
] as const;

/** RFC 6749 §5.2: `error` contains a code there, so our sentence moves. */
export const deviceErrorSchema = z.object({
  error: z.enum([...DEVICE_REFUSALS, 'invalid_request', 'unsupported_grant_type']),
  error_description: z.string(),
  message: z.string(),
  /** A code of the table in errors.ts. */
  code: z.string(),
});
export type DeviceError = z.infer<typeof deviceErrorSchema>;
