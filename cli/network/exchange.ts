// Owns one request of our own over HTTP. node:http, because loading fetch takes several times as long as most answers.
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';

export interface ExchangeOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts the request and the reading of its answer. */
  readonly signal: AbortSignal;
  readonly body?: string;
}

/** An answer whose body is still to be read. */
export interface Exchanged {
  readonly status: number;
  header(name: string): string | undefined;
  /** Decompressed. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a request by some means, and returns as soon as the head of the answer arrives. Follows no redirects. */
export type Exchange = (url: string, options: ExchangeOptions) => Promise<Exchanged>;

/**
 * Sends a request, and returns as soon as the head of the answer arrives. Follows no redirects.
 * @throws the error of the connection, or the reason of the signal.
 */
export async function exchange(url: string, { body, ...options }: ExchangeOptions): Promise<Exchanged> {
  const request = await open(url, { ...options, headers: { ...options.headers, 'accept-encoding': 'gzip' } });
  const { signal } = options;
  try {
    const response = await answerTo(request.end(body));
    const header = (name: string) => response.headers[name]?.toString();
    return { status: response.statusCode ?? 0, header, body: untilAborted(await decompressed(response), signal) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Most runs need only one of the two protocols, and node:https takes long to load. */
async function open(url: string, options: RequestOptions): Promise<ClientRequest> {
  if (!url.startsWith('https:')) return http.request(url, options);
  const { default: https } = await import('node:https');
  return https.request(url, options);
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Not `once`: a later error belongs to the answer, which reports it too.
    request.on('error', reject);
  });
}

async function decompressed(response: IncomingMessage): Promise<Readable> {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const [{ createGunzip }, { pipeline }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  // The reader of the stream sees the error at its end.
  return pipeline(response, createGunzip(), () => {});
}

/** An aborted request looks like a broken connection to the reader of its answer. */
async function* untilAborted(body: Readable, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
