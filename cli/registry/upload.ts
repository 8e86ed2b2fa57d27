// Owns sending a .progy file: multipart/form-data with a Content-Length, streamed from disk.
// node:http, because fetch sends a streamed body without its length and the registry needs one.
import { randomBytes } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import type { Report } from '../terminal/progress.ts';
import { type RawAnswer, readText } from './answers.ts';

/** Two minutes without a byte in either direction mean a dead connection; converting 100 MB to a tarball takes seconds. */
const IDLE_MS = 120_000;

export interface Upload {
  readonly url: string;
  readonly token: string;
  /** Sent first, so that the registry can refuse before the file is sent. */
  readonly metadata: object;
  readonly fileName: string;
  readonly source: ArtifactSource;
}

/** Sends the file and returns the registry's answer, even one that comes before the whole file is sent. */
export async function sendUpload(upload: Upload, report: Report, signal: AbortSignal): Promise<RawAnswer> {
  const { head, tail, boundary } = framing(upload);
  const { source, url, token } = upload;
  const request = (url.startsWith('https:') ? https : http).request(url, {
    method: 'POST',
    signal,
    timeout: IDLE_MS,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + source.size + tail.length,
    },
  });
  try {
    const response = await exchange(request, body(head, source, tail, report));
    return await toAnswer(response, url);
  } finally {
    request.destroy();
  }
}

function exchange(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.once('timeout', () => request.destroy(timedOut()));
    // An early answer ends the connection under the body; by then the promise is settled.
    pipeline(body, request).catch(reject);
  });
}

async function* body(
  head: Uint8Array,
  source: ArtifactSource,
  tail: Uint8Array,
  report: Report,
): AsyncIterable<Uint8Array> {
  let sent = 0;
  yield head;
  for await (const chunk of source.stream(0, source.size)) {
    yield chunk;
    sent += chunk.length;
    report(sent, source.size);
  }
  yield tail;
}

function framing({ metadata, fileName }: Upload): { head: Buffer; tail: Buffer; boundary: string } {
  const boundary = `progy-${randomBytes(16).toString('hex')}`;
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="metadata"',
    'Content-Type: application/json',
    '',
    JSON.stringify(metadata),
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${fileName}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  return { boundary, head: Buffer.from(head), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

async function toAnswer(response: IncomingMessage, url: string): Promise<RawAnswer> {
  const header = (name: string) => response.headers[name]?.toString();
  return { status: response.statusCode ?? 0, header, text: await readText(response, new URL(url).origin) };
}

function timedOut(): Error {
  return Object.assign(new Error('The connection went silent'), { code: 'ETIMEDOUT' });
}
