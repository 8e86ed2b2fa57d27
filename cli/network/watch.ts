// Owns ending a request that does not connect in time, or goes silent.
import type { ClientRequest } from 'node:http';
import type { NetworkPolicy } from './policy.ts';

/** Watches one request, from its start until `stop`. */
export class Watch {
  /** Aborted by the caller's signal or by too long a wait, with the reason. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  #idleMs: number;
  #timer: NodeJS.Timeout;
  #isConnected = false;

  constructor({ connectMs, idleMs }: NetworkPolicy, signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#ending.signal]);
    this.#idleMs = idleMs;
    this.#timer = this.#endAfter(connectMs, 'ECONNECTIONTIMEOUT');
  }

  /** Once the request has a connection, the wait is for the next byte. */
  follow(request: ClientRequest): void {
    request.once('socket', (socket) => {
      if (!socket.connecting) return this.#connected();
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.#connected());
    });
  }

  /** A byte came or went: the wait starts again. */
  heard(): void {
    if (this.#isConnected) this.#timer.refresh();
  }

  /** Waits this long for a byte from now on. @param idleMs milliseconds. */
  allow(idleMs: number): void {
    this.#idleMs = idleMs;
    if (this.#isConnected) this.#waitForByte();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #connected(): void {
    this.#isConnected = true;
    this.#waitForByte();
  }

  #waitForByte(): void {
    this.stop();
    if (!this.signal.aborted) this.#timer = this.#endAfter(this.#idleMs, 'EIDLETIMEOUT');
  }

  #endAfter(milliseconds: number, code: 'ECONNECTIONTIMEOUT' | 'EIDLETIMEOUT'): NodeJS.Timeout {
    const end = () => this.#ending.abort(Object.assign(new Error('The connection timed out'), { code }));
    // The connection keeps the process alive, not the wait for it.
    return setTimeout(end, milliseconds).unref();
  }
}
