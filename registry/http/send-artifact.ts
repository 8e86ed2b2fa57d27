// Owns answering with stored bytes: headers, HEAD, ranges, 304, and the count of the download.
import type { AppContext } from '../app-env.ts';
import { countDownload } from '../domain/read/count-downloads.ts';
import { type ByteRange, type FoundArtifact, openArtifact } from '../domain/read/read-artifact.ts';
import { artifactCaching, freshOf } from './caching.ts';
import { headerText } from './header-text.ts';

/** Streams an artifact. A range answers 206, one beyond the end 416; a download counts once, when its first byte is requested. */
export async function sendArtifact(c: AppContext, artifact: FoundArtifact): Promise<Response> {
  setHeaders(c, artifact);
  if (freshOf(c, [artifact.etag]) !== undefined) return c.body(null, 304);
  const range = rangeOf(c, artifact);
  if (range === 'beyond') return c.body(null, 416, { 'Content-Range': `bytes */${artifact.size}` });
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Length': String(artifact.size) });
  const body = await openArtifact(c.var.context, artifact, range);
  if (range === undefined || range.offset === 0) countDownload(c.var.context, artifact);
  if (range === undefined) return c.body(body, 200, { 'Content-Length': String(artifact.size) });
  const last = range.offset + range.length - 1;
  return c.body(body, 206, {
    'Content-Length': String(range.length),
    'Content-Range': `bytes ${range.offset}-${last}/${artifact.size}`,
  });
}

/** The bytes never change, but their notice does; and npm prints no notice from a cached answer. */
function setHeaders(c: AppContext, artifact: FoundArtifact): void {
  c.header('ETag', artifact.etag);
  c.header('Accept-Ranges', 'bytes');
  c.header('Cache-Control', artifact.notice === undefined ? artifactCaching(c, artifact.isPublic) : 'no-store');
  c.header('Content-Type', 'application/octet-stream');
  c.header('Content-Disposition', `attachment; filename="${artifact.fileName}"`);
  if (artifact.checksum !== undefined) c.header('X-Checksum-Sha256', artifact.checksum);
  if (artifact.notice !== undefined) c.header('npm-notice', headerText(artifact.notice));
}

/** One byte range of RFC 9110 §14.1.2. Several ranges, or units we do not know, are ignored as the RFC allows. */
function rangeOf(c: AppContext, { size, etag }: FoundArtifact): ByteRange | 'beyond' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(c.req.header('range') ?? '');
  const condition = c.req.header('if-range');
  if (!match || (condition !== undefined && condition !== etag)) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return offset > end ? 'beyond' : { offset, length: end - offset + 1 };
}
