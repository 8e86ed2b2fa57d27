// Owns the body of every answer that is an error.
import * as z from 'zod';
import type { RegistryError } from '../errors.ts';

/** npm prints `error` (older ones `message`), progy branches on `code`. Facts about the error stand beside them. */
export const errorBodySchema = z.looseObject({
  error: z.string(),
  message: z.string(),
  /** A code of the table in errors.ts. */
  code: z.string(),
  /** Under which a failure of the registry is logged. */
  requestId: z.string().optional(),
});

export type ErrorBody = z.infer<typeof errorBodySchema>;

/** What to answer: npm's docs say clients read `message`, npm itself reads `error`, so both hold the sentence. */
export function errorBody({ evidence, message: sentence, code: name }: RegistryError): ErrorBody {
  return { ...evidence, error: sentence, message: sentence, code: name };
}

const { error, message, code } = errorBodySchema.shape;

/** The same of any registry or proxy, as far as it goes: what is no text is not there. */
export const foreignErrorSchema = z.looseObject({
  error: error.optional().catch(undefined),
  message: message.optional().catch(undefined),
  code: code.optional().catch(undefined),
});
