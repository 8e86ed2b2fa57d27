// Owns answering with a JSON document: type, encoding, ETag, 304 and caching.
import type { Document } from '../../domain/read/document.ts';
import { withAnswerHeaders } from '../answer-headers.ts';
import { documentCaching, freshOf } from '../caching.ts';
import { headerText } from '../header-text.ts';
import type { Reading } from './reading.ts';
import { sendBytes } from './send-bytes.ts';

/** Sends a document, or a 304 if the client has it. */
export function sendDocument(reading: Reading, document: Document, contentType = 'application/json'): Response {
  const { bytes, encoding, etags, isPublic, notice } = document;
  const fresh = freshOf(reading.request, etags);
  const headers: Record<string, string> = {
    ETag: fresh ?? etags[0],
    'Cache-Control': documentCaching(reading.request, isPublic),
    Vary: 'Accept, Accept-Encoding, Authorization',
    ...(notice === undefined ? {} : { 'npm-notice': headerText(notice) }),
  };
  if (fresh !== undefined || bytes === undefined)
    return new Response(null, { status: 304, headers: withAnswerHeaders(headers) });
  return sendBytes(reading, bytes, encoding, { ...headers, 'Content-Type': contentType });
}
