// Owns the body of every error answer.
import * as z from 'zod';
import type { RegistryError } from '../errors.ts';

/** npm prints `error` (older ones `message`), progy branches on `code`. Further fields hold facts about the error. */
export const errorBodySchema = z.looseObject({
  error: z.string(),
  message: z.string(),
  /** A code of the table in errors.ts. */
  code: z.string(),
  /** Id under which a failure of the registry is logged. */
  requestId: z.string().optional(),
});

export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The body to send: npm's docs say that clients read `message`, npm itself reads `error`, so both contain the sentence. */
export function errorBody({ evidence, message: sentence, code: name }: RegistryError): ErrorBody {
  return { ...evidence, error: sentence, message: sentence, code: name };
}

const { error, message, code } = errorBodySchema.shape;

/** The same from any registry or proxy: fields that are not text count as missing. */
export const foreignErrorSchema = z.looseObject({
  error: error.optional().catch(undefined),
  message: message.optional().catch(undefined),
  code: code.optional().catch(undefined),
});
