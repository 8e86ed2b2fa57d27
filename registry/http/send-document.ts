// Owns answering with a JSON document: type, ETag, 304 and caching.
import type { AppContext } from '../app-env.ts';
import type { Document, Revision } from '../domain/read/read-documents.ts';
import { documentCaching, isFresh } from './caching.ts';
import { headerText } from './header-text.ts';

/** Sends a document that is built already. */
export function sendDocument(c: AppContext, document: Document, contentType = 'application/json'): Response {
  setHeaders(c, document);
  if (isFresh(c, document.etag)) return c.body(null, 304);
  return c.body(document.json, 200, { 'Content-Type': contentType });
}

/** A 304, if the client's copy is still what `revision` names. */
export function notModified(c: AppContext, revision: Revision): Response | undefined {
  if (!isFresh(c, revision.etag)) return undefined;
  setHeaders(c, revision);
  return c.body(null, 304);
}

function setHeaders(c: AppContext, { etag, isPublic, notice }: Revision): void {
  c.header('ETag', etag);
  c.header('Cache-Control', documentCaching(c, isPublic));
  c.header('Vary', 'Accept, Authorization');
  if (notice !== undefined) c.header('npm-notice', headerText(notice));
}
