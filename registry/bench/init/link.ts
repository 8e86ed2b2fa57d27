// Owns a link between programs of this machine: a TCP proxy with a rate and a way to go, neither loss nor slow start.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Shape {
  /** Megabits a second, each way, for all connections together. */
  readonly megabits: number;
  /** Milliseconds there and back. */
  readonly roundTrip: number;
}

/** Pieces are as long as this at most, so that connections take turns. */
const PIECE_BYTES = 16 * 1024;
/** Bytes of one direction of a connection that may be under way. More wait where they come from. */
const WINDOW_BYTES = 1024 * 1024;
const REQUEST = /^(?:GET|HEAD|PUT|POST|DELETE) \S+ HTTP\/1\.1\r\n/;

export class Link {
  /** Undefined: as fast as it goes. */
  shape: Shape | undefined;
  /** HTTP requests that went through. */
  requests = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** When the last byte that was sent each way has left, in milliseconds of `performance.now()`. */
  readonly #busyUntil = { up: 0, down: 0 };

  private constructor(server: Server) {
    this.#server = server;
  }

  /** A link on a port of its own. @param target port at its other end, known once it is asked for. */
  static async open(target: () => number): Promise<Link> {
    const server = createServer({ allowHalfOpen: true });
    const link = new Link(server);
    server.on('connection', (near) => void link.#carry(near, target()).catch(() => near.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The link is closed');
    return address.port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A connection is made by going there and back once before anything is said. */
  async #carry(near: Socket, port: number): Promise<void> {
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) this.#keep(socket);
    if (this.shape !== undefined) await delay(this.shape.roundTrip);
    await Promise.all([this.#pour(near, far, 'up'), this.#pour(far, near, 'down')]);
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #pour(from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> {
    const window = new Window();
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (way === 'up' && REQUEST.test(chunk.toString('latin1', 0, 2048))) this.requests++;
      const size = this.shape === undefined ? chunk.length : PIECE_BYTES;
      for (let at = 0; at < chunk.length; at += size) {
        const piece = chunk.subarray(at, at + size);
        const arrival = this.#arrival(piece.length, way);
        await window.add(piece.length, async (before) => {
          if (arrival > performance.now()) await delay(arrival - performance.now());
          // Timers of nearly the same moment may change places.
          await before;
          await written(to, piece);
        });
      }
    }
    await window.last;
    to.end();
  }

  /** When the last of some bytes that are sent now comes out at the other end. */
  #arrival(bytes: number, way: 'up' | 'down'): number {
    if (this.shape === undefined) return 0;
    const { megabits, roundTrip } = this.shape;
    const taken = (bytes * 8) / (megabits * 1_000);
    this.#busyUntil[way] = Math.max(this.#busyUntil[way], performance.now()) + taken;
    return this.#busyUntil[way] + roundTrip / 2;
  }
}

/** What is under way in one direction of a connection, oldest first. */
class Window {
  last: Promise<void> = Promise.resolve();
  readonly #underWay: { bytes: number; sent: Promise<void> }[] = [];
  #bytes = 0;

  /** Begins to send, and answers once there is room for more. @param send is told when what was sent before is gone. */
  async add(bytes: number, send: (before: Promise<void>) => Promise<void>): Promise<void> {
    this.last = send(this.last);
    this.#underWay.push({ bytes, sent: this.last });
    this.#bytes += bytes;
    while (this.#bytes > WINDOW_BYTES) {
      const oldest = this.#underWay.shift();
      await oldest?.sent;
      this.#bytes -= oldest?.bytes ?? 0;
    }
  }
}

function written(to: Socket, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed) resolve();
    else to.write(piece, () => resolve());
  });
}
