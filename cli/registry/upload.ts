// Owns sending a .progy file: multipart/form-data with a Content-Length, streamed from disk.
// node:http, because fetch sends a streamed body without its length and the registry needs one.
import { randomBytes } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import type { NetworkPolicy } from '../network/policy.ts';
import { Watch } from '../network/watch.ts';
import type { Report } from '../terminal/progress.ts';
import { type RawAnswer, readText } from './answers.ts';

export interface Upload {
  readonly url: string;
  readonly token: string;
  /** Sent first, so that the registry can refuse before the file is sent. */
  readonly metadata: object;
  readonly fileName: string;
  readonly source: ArtifactSource;
  /** How long to wait. */
  readonly policy: NetworkPolicy;
}

/** Sends the file and returns the registry's answer, even one that comes before the whole file is sent. */
export async function sendUpload(upload: Upload, report: Report, signal: AbortSignal): Promise<RawAnswer> {
  const { url, policy } = upload;
  const parts = framing(upload);
  const watch = new Watch(policy, signal);
  const request = post(upload, parts, watch.signal);
  watch.follow(request);
  try {
    const response = await answerTo(request, body(upload, parts, watch, report));
    watch.allow(policy.idleMs);
    return await toAnswer(response, url);
  } catch (error) {
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.stop();
    request.destroy();
  }
}

function post({ url, token, source }: Upload, { head, tail, boundary }: Framing, signal: AbortSignal): ClientRequest {
  return (url.startsWith('https:') ? https : http).request(url, {
    method: 'POST',
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + source.size + tail.length,
    },
  });
}

function answerTo(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    // An early answer ends the connection under the body; by then the promise is settled.
    pipeline(body, request).catch(reject);
  });
}

async function* body(
  { source, policy }: Upload,
  { head, tail }: Framing,
  watch: Watch,
  report: Report,
): AsyncIterable<Uint8Array> {
  let sent = 0;
  yield head;
  for await (const chunk of source.stream(0, source.size)) {
    watch.heard();
    yield chunk;
    sent += chunk.length;
    report(sent, source.size);
  }
  yield tail;
  watch.allow(policy.storeMs);
}

interface Framing {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly boundary: string;
}

function framing({ metadata, fileName }: Upload): Framing {
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
