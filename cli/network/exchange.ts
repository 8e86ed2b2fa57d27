// Owns one request of our own over HTTP. node:http, because loading fetch takes several times as long as most answers.
import http, { type Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import { NETWORK_POLICY, type NetworkPolicy } from './policy.ts';
import { Watch } from './watch.ts';

export interface ExchangeOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts the request and the reading of its answer. */
  readonly signal: AbortSignal;
  readonly body?: string;
  /** How long to wait. By default as long as every command does. */
  readonly policy?: NetworkPolicy;
  /** Whose connections to use. By default those of the process. */
  readonly agent?: Agent;
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
 * @throws the error of the connection, the reason of the signal, or an error with code ECONNECTIONTIMEOUT or EIDLETIMEOUT.
 */
export async function exchange(
  url: string,
  { body, policy = NETWORK_POLICY, signal, ...options }: ExchangeOptions,
): Promise<Exchanged> {
  const watch = new Watch(policy, signal);
  try {
    const headers = { 'accept-encoding': 'gzip', ...options.headers };
    const request = await open(url, { ...options, headers, signal: watch.signal });
    watch.follow(request);
    const response = await answerTo(request.end(body));
    watch.heard();
    const header = (name: string) => response.headers[name]?.toString();
    return { status: response.statusCode ?? 0, header, body: watched(await decompressed(response), watch) };
  } catch (error) {
    watch.stop();
    watch.signal.throwIfAborted();
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
async function* watched(body: Readable, watch: Watch): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body) {
      watch.heard();
      yield chunk;
    }
  } catch (error) {
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.stop();
  }
}
