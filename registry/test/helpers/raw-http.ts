// Owns sending raw HTTP, for requests that no HTTP client would send.
import { connect, type Socket } from 'node:net';

/** An answer as it came over the wire; header names are in lower case. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  /** Without chunk framing. */
  body: Buffer;
  /** The body as JSON, or undefined if it is not JSON, or encoded. */
  json: Record<string, unknown> | undefined;
}

/** One TCP connection to a registry. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #received: Buffer[] = [];
  readonly #closed: Promise<void>;
  #notify: () => void = () => undefined;
  #ended = false;

  /** @param url where the registry listens on loopback; only the port counts. */
  constructor(url: string) {
    this.#socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay();
    this.#socket.on('data', (chunk) => {
      this.#received.push(chunk);
      this.#notify();
    });
    // Some tests expect the registry to hang up during a request; answer() reports it.
    this.#socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#ended = true;
        this.#notify();
        resolve();
      });
    });
  }

  /** Sends bytes; resolves when the system has taken them all, or the registry hung up. */
  async send(bytes: string | Uint8Array): Promise<void> {
    const sent = new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    await Promise.race([sent, this.#closed]);
  }

  /**
   * The next answer.
   * @throws {Error} if the connection ends before it is complete.
   */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const answer = parseAnswer(Buffer.concat(this.#received), this.#ended);
      if (answer !== undefined) return answer;
      if (this.#ended) throw new Error('The connection ended without an answer');
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  /** Resets the connection, as a dead client would. */
  async disconnect(): Promise<void> {
    this.#socket.resetAndDestroy();
    await this.#closed;
  }
}

/** Sends one request unchanged and returns the answer. */
export async function exchange(url: string, request: string | Uint8Array): Promise<RawAnswer> {
  const connection = new RawConnection(url);
  try {
    await connection.send(request);
    return await connection.answer();
  } finally {
    await connection.disconnect();
  }
}

/** The text of a request without a body; `lines` are header lines. */
export function requestText(line: string, ...lines: string[]): string {
  return `${[`${line} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** The answer in `bytes`, or undefined while it is incomplete. */
function parseAnswer(bytes: Buffer, ended: boolean): RawAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(lines.map(parseHeader));
  const body = parseBody(bytes.subarray(headEnd + 4), headers, ended);
  if (body === undefined) return undefined;
  return { status: Number(statusLine.split(' ')[1]), headers, body, json: parseJson(body, headers) };
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function parseBody(bytes: Buffer, headers: Record<string, string>, ended: boolean): Buffer | undefined {
  if (headers['transfer-encoding'] === 'chunked') return unchunk(bytes);
  const length = headers['content-length'];
  if (length === undefined) return ended ? bytes : undefined;
  return bytes.length >= Number(length) ? bytes.subarray(0, Number(length)) : undefined;
}

function unchunk(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (size === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}

function parseJson(body: Buffer, headers: Record<string, string>): Record<string, unknown> | undefined {
  const isText = headers['content-encoding'] === undefined && body.length > 0;
  return isText && headers['content-type']?.includes('json') ? JSON.parse(body.toString()) : undefined;
}
