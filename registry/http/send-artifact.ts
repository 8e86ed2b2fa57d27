// Owns answering with stored bytes: headers, HEAD, ranges, 304, and the count of an artifact's download.
import type { AppContext } from '../app-env.ts';
import { countDownload } from '../domain/read/count-downloads.ts';
import { type ByteRange, type FoundArtifact, openArtifact } from '../domain/read/read-artifact.ts';
import { artifactCaching, freshOf } from './caching.ts';
import { headerText } from './header-text.ts';

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
}

/** Opens the bytes; all of them without a range. */
export type OpenFile = (range: ByteRange | undefined) => Promise<ReadableStream>;

/** Streams an artifact. A download counts once, when its first byte is requested. */
export async function sendArtifact(c: AppContext, artifact: FoundArtifact): Promise<Response> {
  const { notice, isPublic } = artifact;
  if (notice !== undefined) c.header('npm-notice', headerText(notice));
  // The bytes never change, but their notice does; and npm prints no notice from a cached answer.
  const caching = notice === undefined ? artifactCaching(c, isPublic) : 'no-store';
  return sendFile(c, { ...artifact, caching }, async (range) => {
    const body = await openArtifact(c.var.context, artifact, range);
    if (range === undefined || range.offset === 0) countDownload(c.var.context, artifact);
    return body;
  });
}

/** Streams a file. A range answers 206, one beyond the end 416. */
export async function sendFile(c: AppContext, file: SendableFile, open: OpenFile): Promise<Response> {
  setHeaders(c, file);
  if (freshOf(c, [file.etag]) !== undefined) return c.body(null, 304);
  const range = rangeOf(c, file);
  if (range === 'beyond') return c.body(null, 416, { 'Content-Range': `bytes */${file.size}` });
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Length': String(file.size) });
  const body = await open(range);
  if (range === undefined) return c.body(body, 200, { 'Content-Length': String(file.size) });
  const last = range.offset + range.length - 1;
  return c.body(body, 206, {
    'Content-Length': String(range.length),
    'Content-Range': `bytes ${range.offset}-${last}/${file.size}`,
  });
}

function setHeaders(c: AppContext, { etag, fileName, checksum, caching }: SendableFile): void {
  c.header('ETag', etag);
  c.header('Accept-Ranges', 'bytes');
  c.header('Cache-Control', caching);
  c.header('Content-Type', 'application/octet-stream');
  c.header('Content-Disposition', `attachment; filename="${fileName}"`);
  if (checksum !== undefined) c.header('X-Checksum-Sha256', checksum);
}

/** One byte range of RFC 9110 §14.1.2. Several ranges, or units we do not know, are ignored as the RFC allows. */
function rangeOf(c: AppContext, { size, etag }: SendableFile): ByteRange | 'beyond' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(c.req.header('range') ?? '');
  const condition = c.req.header('if-range');
  if (!match || (condition !== undefined && condition !== etag)) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return offset > end ? 'beyond' : { offset, length: end - offset + 1 };
}
