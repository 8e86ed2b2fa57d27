// Owns answering with one of the documents in protocol/wire.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../app-env.ts';

/**
 * Answers with a document as JSON, leaving out undefined fields.
 * @typeParam Document the type that protocol/wire has for it: always named, so that a field its readers do not know is an
 * error of the compiler. Nothing but itself fits the default.
 */
export function answer<Document extends object = never>(
  c: AppContext,
  document: NoInfer<Document>,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return c.json(document, status as ContentfulStatusCode, headers);
}
