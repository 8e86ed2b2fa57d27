// Owns how many bytes of uploads an isolate holds at once: who may hold more, who waits, and who is refused.
import { RegistryError } from '@progy/protocol/errors.ts';

const MB = 1024 * 1024;
/** An isolate has 128 MB. The Worker, the packuments that it keeps, and memory that is not collected yet take the rest. */
export const UPLOAD_BYTES = 48 * MB;
const POLL_MS = 25;
/** Who waits longer is told to come back. */
const PATIENCE_MS = 25_000;
const RETRY_AFTER_SECONDS = 5;
/** Who has not asked for so long has hung up: the runtime ends a request without telling it. */
const SILENCE_MS = 2_000;
/** How long an upload may keep its room while others wait: this long, and longer for its bytes, as a slow line sends them. */
const GRACE_MS = 30_000;
const SLOW_BYTES_PER_MS = 64;

interface Waiter {
  seenAt: number;
}

/** The room that uploads share. */
export class UploadBudget {
  /** The most bytes that were ever held at once. */
  peakBytes = 0;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #rooms = new Set<Room>();
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiter>();

  /** @param now milliseconds. @param limit in bytes. */
  constructor(now: () => number, limit = UPLOAD_BYTES) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return [...this.#rooms].reduce((sum, room) => sum + room.bytes, 0);
  }

  /**
   * Waits for room, in turn. Each waiter has a timer of its own: the runtime lets no request wake another one.
   * @throws {RegistryError} UNAVAILABLE if that takes too long.
   */
  async room(bytes: number): Promise<Room> {
    const waiter = { seenAt: this.#now() };
    const until = waiter.seenAt + PATIENCE_MS;
    const wanted = Math.min(bytes, this.#limit);
    this.#waiting.add(waiter);
    try {
      while (!this.#isNext(waiter) || !this.hasRoom(wanted)) {
        if (this.#now() >= until) throw tooManyUploads();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        waiter.seenAt = this.#now();
      }
    } finally {
      this.#waiting.delete(waiter);
    }
    return this.#give(wanted);
  }

  /** Whether so many more bytes fit. Takes back overdue rooms if they do not. */
  hasRoom(bytes: number): boolean {
    if (this.bytes + bytes <= this.#limit) return true;
    const now = this.#now();
    for (const room of this.#rooms) if (room.dueAt < now) room.end();
    return this.bytes + bytes <= this.#limit;
  }

  #give(bytes: number): Room {
    const room = new Room(this, this.#rooms, this.#now() + GRACE_MS + bytes / SLOW_BYTES_PER_MS);
    room.take(bytes);
    return room;
  }

  /** True for the first of those who still wait. */
  #isNext(waiter: Waiter): boolean {
    const now = this.#now();
    for (const other of this.#waiting) {
      if (other === waiter) return true;
      if (now - other.seenAt < SILENCE_MS) return false;
      if (now - other.seenAt > PATIENCE_MS) this.#waiting.delete(other);
    }
    return true;
  }
}

/** Room of one upload. */
export class Room {
  bytes = 0;
  /** From then on it can be taken back if others need it. */
  readonly dueAt: number;
  readonly #budget: UploadBudget;
  readonly #rooms: Set<Room>;

  constructor(budget: UploadBudget, rooms: Set<Room>, dueAt: number) {
    this.#budget = budget;
    this.#rooms = rooms;
    this.dueAt = dueAt;
    rooms.add(this);
  }

  /**
   * Makes room for so many bytes in all, at once: who holds some must not wait for others who do.
   * @throws {RegistryError} UNAVAILABLE if they do not fit.
   */
  take(bytes: number): void {
    if (bytes <= this.bytes) return;
    if (!this.#budget.hasRoom(bytes - this.bytes)) throw tooManyUploads();
    this.bytes = bytes;
    this.#budget.peakBytes = Math.max(this.#budget.peakBytes, this.#budget.bytes);
  }

  /** Passes an upload through. @throws {RegistryError} UNAVAILABLE once its room has been taken back. */
  async *watch(upload: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of upload) {
      if (!this.#rooms.has(this)) throw tooManyUploads('The upload was too slow while others waited');
      yield chunk;
    }
  }

  /** Gives the room back. */
  end(): void {
    this.#rooms.delete(this);
  }
}

function tooManyUploads(message = 'The registry is busy with other uploads'): RegistryError {
  return new RegistryError('UNAVAILABLE', message, { retryAfter: RETRY_AFTER_SECONDS });
}
