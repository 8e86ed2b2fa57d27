// Owns answering with one of the documents in protocol/wire.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../app-env.ts';

/**
 * Answers with a document as JSON, leaving out undefined fields.
 * @typeParam Document its type in protocol/wire: always named, so that a field unknown to its readers is a compile error.
 * The default fits no document.
 */
export function answer<Document extends object = never>(
  c: AppContext,
  document: NoInfer<Document>,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return c.json(document, status as ContentfulStatusCode, headers);
}
