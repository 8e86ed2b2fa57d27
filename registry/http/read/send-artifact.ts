// Owns answering with stored bytes: headers, HEAD, ranges, 304, and the count of the download.
import { countDownload } from '../../domain/read/count-downloads.ts';
import { type ByteRange, type FoundArtifact, openArtifact } from '../../domain/read/read-artifact.ts';
import { withAnswerHeaders } from '../answer-headers.ts';
import { artifactCaching, freshOf } from '../caching.ts';
import { headerText } from '../header-text.ts';
import { openWhole } from './artifact-copies.ts';
import type { Reading } from './reading.ts';

/** Streams an artifact. A range answers 206, one beyond the end 416; a download counts once, when its first byte is requested. */
export async function sendArtifact(reading: Reading, artifact: FoundArtifact): Promise<Response> {
  const { request, context } = reading;
  const send = (status: number, body: ReadableStream | null, more: Record<string, string> = {}) =>
    new Response(body, { status, headers: withAnswerHeaders({ ...headersOf(request, artifact), ...more }) });
  if (freshOf(request, [artifact.etag]) !== undefined) return send(304, null);
  const range = rangeOf(request, artifact);
  if (range === 'beyond') return send(416, null, { 'Content-Range': `bytes */${artifact.size}` });
  if (request.method === 'HEAD') return send(200, null, lengthOf(artifact));
  const body = await (range ? openArtifact(context, artifact, range) : openWhole(context, artifact));
  if (range === undefined || range.offset === 0) countDownload(context, artifact);
  return range ? send(206, body, rangeHeaders(artifact, range)) : send(200, body, lengthOf(artifact));
}

function lengthOf({ size }: FoundArtifact): Record<string, string> {
  return { 'Content-Length': String(size) };
}

function rangeHeaders({ size }: FoundArtifact, { offset, length }: ByteRange): Record<string, string> {
  const last = offset + length - 1;
  return { 'Content-Length': String(length), 'Content-Range': `bytes ${offset}-${last}/${size}` };
}

/** The bytes never change, but their notice does; and npm prints no notice from a cached answer. */
function headersOf(request: Request, artifact: FoundArtifact): Record<string, string> {
  const { etag, isPublic, fileName, checksum, notice } = artifact;
  return {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': notice === undefined ? artifactCaching(request, isPublic) : 'no-store',
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    ...(checksum === undefined ? {} : { 'X-Checksum-Sha256': checksum }),
    ...(notice === undefined ? {} : { 'npm-notice': headerText(notice) }),
  };
}

/** One byte range of RFC 9110 §14.1.2. Several ranges, or units we do not know, are ignored as the RFC allows. */
function rangeOf({ headers }: Request, { size, etag }: FoundArtifact): ByteRange | 'beyond' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  const condition = headers.get('if-range');
  if (!match || (condition !== null && condition !== etag)) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return offset > end ? 'beyond' : { offset, length: end - offset + 1 };
}
