// Owns one request of our own over HTTP. node:http, because fetch takes several times as long to load as most answers take to come.
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';

export interface ExchangeOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request and the reading of its answer. */
  readonly signal: AbortSignal;
  readonly body?: string;
}

/** An answer whose body is still to be read. */
export interface Exchanged {
  readonly status: number;
  header(name: string): string | undefined;
  /** As it was before the registry compressed it. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a request somehow, and answers as soon as the head of the answer is there. Redirects are not followed. */
export type Exchange = (url: string, options: ExchangeOptions) => Promise<Exchanged>;

/**
 * Sends a request, and answers as soon as the head of the answer is there. Redirects are not followed.
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

/** Most registries are asked over one protocol only, and that of certificates takes long to load. */
async function open(url: string, options: RequestOptions): Promise<ClientRequest> {
  if (!url.startsWith('https:')) return http.request(url, options);
  const { default: https } = await import('node:https');
  return https.request(url, options);
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Not once: a later error belongs to the answer, which tells it too.
    request.on('error', reject);
  });
}

async function decompressed(response: IncomingMessage): Promise<Readable> {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const [{ createGunzip }, { pipeline }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  // Whoever reads the end of it sees the error.
  return pipeline(response, createGunzip(), () => {});
}

/** An ended request looks like a broken connection to whoever reads its answer. */
async function* untilAborted(body: Readable, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
