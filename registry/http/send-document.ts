// Owns answering with a JSON document: type, encoding, ETag, 304 and caching.
import type { AppContext } from '../app-env.ts';
import type { Document } from '../domain/read/document.ts';
import { documentCaching, freshOf } from './caching.ts';
import { headerText } from './header-text.ts';
import { sendBytes } from './send-bytes.ts';

/** Sends a document, or a 304 if the client has it. */
export function sendDocument(c: AppContext, document: Document, contentType = 'application/json'): Response {
  const { bytes, encoding, etags, isPublic, notice } = document;
  const fresh = freshOf(c, etags);
  c.header('ETag', fresh ?? etags[0]);
  c.header('Cache-Control', documentCaching(c, isPublic));
  c.header('Vary', 'Accept, Accept-Encoding, Authorization');
  if (notice !== undefined) c.header('npm-notice', headerText(notice));
  if (fresh !== undefined || bytes === undefined) return c.body(null, 304);
  c.header('Content-Type', contentType);
  return sendBytes(c, bytes, encoding);
}
