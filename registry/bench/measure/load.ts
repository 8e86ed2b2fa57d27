// Owns loading a server over HTTP: a number of connections for some seconds, with every answer checked, so that errors do not count as speed.
import { type Dispatcher, Pool, request } from 'undici';
import { median } from './statistics.ts';

/** Limit for the answers of one load, whatever its duration. */
const MAX_ANSWERS = 200_000;
/** Timeout of one answer in milliseconds. */
const PATIENCE = 120_000;

export interface Ask {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array;
}

export interface Answer {
  status: number;
  /** Bytes of the body as received, compressed or not. */
  bytes: number;
}

export interface Sample {
  /** Answers a second, of all connections together. */
  rate: number;
  /** Median time of an answer in milliseconds. */
  p50: number;
}

/**
 * Sends a request once, and returns the milliseconds until the whole answer has arrived.
 * @throws {Error} with the answer, unless its status is 200 to 299.
 */
export async function send(origin: string, { path, ...ask }: Ask): Promise<number> {
  const begun = performance.now();
  const { statusCode, body } = await request(origin + path, {
    ...ask,
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
  });
  const text = await body.text();
  if (statusCode < 200 || statusCode > 299)
    throw new Error(`${ask.method} ${path}: ${statusCode} ${text.slice(0, 500)}`);
  return performance.now() - begun;
}

/** Connections to one server, which stay open between loads. */
export class Loader {
  readonly #pool: Pool;
  readonly #connections: number;

  constructor(origin: string, connections: number) {
    this.#connections = connections;
    this.#pool = new Pool(origin, { connections, headersTimeout: PATIENCE, bodyTimeout: PATIENCE });
  }

  /** Sends one request. @throws {Error} if the answer is incomplete. */
  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => this.#pool.dispatch(ask, answering(resolve, reject)));
  }

  /**
   * Repeats one request on every connection for some seconds, at least once on each.
   * @throws {Error} at the first answer that is not the expected one.
   */
  async load(ask: Ask, expected: Answer, seconds: number): Promise<Sample> {
    const times: number[] = [];
    const begun = performance.now();
    const askUntilEnd = async () => {
      do {
        const asked = performance.now();
        check(ask, await this.ask(ask), expected);
        times.push(performance.now() - asked);
      } while (performance.now() < begun + seconds * 1_000 && times.length < MAX_ANSWERS);
    };
    await Promise.all(Array.from({ length: this.#connections }, askUntilEnd));
    return { rate: (times.length * 1_000) / (performance.now() - begun), p50: median(times) };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function answering(resolve: (answer: Answer) => void, reject: (error: Error) => void): Dispatcher.DispatchHandler {
  const answer = { status: 0, bytes: 0 };
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_, status) => {
      answer.status = status;
    },
    onResponseData: (_, chunk) => {
      answer.bytes += chunk.length;
    },
    onResponseEnd: () => resolve(answer),
    onResponseError: (_, error) => reject(error),
  };
}

/** @throws {Error} that says how the answer differs. */
function check({ method, path }: Ask, answer: Answer, expected: Answer): void {
  if (answer.status === expected.status && answer.bytes === expected.bytes) return;
  const told = ({ status, bytes }: Answer) => `${status} with ${bytes} bytes`;
  throw new Error(`${method} ${path} answered ${told(answer)} instead of ${told(expected)}`);
}
