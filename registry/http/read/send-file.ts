// Owns answering with the bytes of a file: headers, HEAD, ranges and 304.
import type { ByteRange } from '../../domain/read/read-artifact.ts';
import { withAnswerHeaders } from '../answer-headers.ts';
import { freshOf } from '../caching.ts';

/** A file to send. */
export interface SendableFile {
  /** Bytes. */
  readonly size: number;
  readonly fileName: string;
  /** With its quotes. */
  readonly etag: string;
  /** Hex sha256 of the bytes. */
  readonly checksum: string | undefined;
  /** Cache-Control. */
  readonly caching: string;
  /** More headers. */
  readonly headers?: Record<string, string>;
}

/** Opens the bytes; all of them without a range. */
export type OpenFile = (range: ByteRange | undefined) => Promise<ReadableStream>;

/** Streams a file. A range answers 206, one beyond the end 416. */
export async function sendFile(request: Request, file: SendableFile, open: OpenFile): Promise<Response> {
  const send = (status: number, body: ReadableStream | null, more: Record<string, string> = {}) =>
    new Response(body, { status, headers: withAnswerHeaders({ ...headersOf(file), ...more }) });
  if (freshOf(request, [file.etag]) !== undefined) return send(304, null);
  const range = rangeOf(request, file);
  if (range === 'beyond') return send(416, null, { 'Content-Range': `bytes */${file.size}` });
  if (request.method === 'HEAD') return send(200, null, lengthOf(file));
  const body = await open(range);
  return range ? send(206, body, rangeHeaders(file, range)) : send(200, body, lengthOf(file));
}

function headersOf({ etag, caching, fileName, checksum, headers }: SendableFile): Record<string, string> {
  return {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': caching,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    ...(checksum === undefined ? {} : { 'X-Checksum-Sha256': checksum }),
    ...headers,
  };
}

function lengthOf({ size }: SendableFile): Record<string, string> {
  return { 'Content-Length': String(size) };
}

function rangeHeaders({ size }: SendableFile, { offset, length }: ByteRange): Record<string, string> {
  const last = offset + length - 1;
  return { 'Content-Length': String(length), 'Content-Range': `bytes ${offset}-${last}/${size}` };
}

/** One byte range of RFC 9110 §14.1.2. Several ranges, or units we do not know, are ignored as the RFC allows. */
function rangeOf({ headers }: Request, { size, etag }: SendableFile): ByteRange | 'beyond' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  const condition = headers.get('if-range');
  if (!match || (condition !== null && condition !== etag)) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return offset > end ? 'beyond' : { offset, length: end - offset + 1 };
}
