// Owns small HTTP servers that misbehave on purpose: resets, web pages, wrong bytes. Not stand-ins for the registry.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from '../../registry/choice.ts';

export interface FaultServer {
  readonly url: string;
  readonly requests: { method: string; url: string; authorization?: string }[];
  /** As `chooseRegistry` would describe it. */
  registry(token?: string): Registry;
  close(): Promise<void>;
}

/** Serves successive answers; the last one repeats. */
export async function serveFaults(...answers: RequestListener[]): Promise<FaultServer> {
  const requests: FaultServer['requests'] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({ method, url, authorization: headers.authorization });
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, requests, close, registry: (token) => ({ url: `${url}/`, label: url, isDefault: false, token }) };
}

/** Answers JSON, or text as it is. */
export function answer(status: number, body: object | string, headers: Record<string, string> = {}): RequestListener {
  const isText = typeof body === 'string';
  return (request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
      response.end(isText ? body : JSON.stringify(body));
    });
  };
}

/** Ends the connection without an answer. */
export function reset(request: IncomingMessage, _response: ServerResponse): void {
  request.socket.resetAndDestroy();
}
