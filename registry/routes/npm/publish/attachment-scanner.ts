// Owns extracting attachments from the JSON that npm clients PUT, while it arrives, and keeping the rest.
import { RegistryError } from '@progy/protocol/errors.ts';

/** What a chunk holds of attachments, in its order. `bytes` are base64, and lie in the chunk. */
export type AttachmentEvent =
  | { kind: 'attachment'; name: string }
  | { kind: 'base64'; bytes: Uint8Array }
  | { kind: 'attachment-end' };

/** Attachments lie at `_attachments.<name>.data`. */
const DATA_DEPTH = 3;
/** Longer keys do not matter. */
const MAX_KEY_BYTES = 1_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [OBJECT, OBJECT_END, LIST, LIST_END] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

/**
 * Follows the structure of a JSON text just far enough to recognize the data of an attachment. It validates nothing:
 * parsing the remaining text shows whether it is JSON. Each data leaves an empty string there.
 */
export class AttachmentScanner {
  readonly #maxTextBytes: number;
  readonly #decoder = new TextDecoder();
  #text = '';
  #textBytes = 0;
  #state: 'between' | 'key' | 'string' = 'between';
  #inData = false;
  #escaped = false;
  #awaitsKey = false;
  #depth = 0;
  /** By depth, no deeper than attachments lie: the key that came last, and whether it is an object at all. */
  readonly #keys: (string | undefined)[] = [];
  readonly #isObject: boolean[] = [];
  #keyBytes: number[] = [];

  /** @param maxTextBytes how much there may be besides data. */
  constructor(maxTextBytes: number) {
    this.#maxTextBytes = maxTextBytes;
  }

  /** The JSON so far, without the data. */
  text(): string {
    return this.#text + this.#decoder.decode();
  }

  /** @throws {RegistryError} PAYLOAD_TOO_LARGE for more text than is allowed. */
  *scan(chunk: Uint8Array): Iterable<AttachmentEvent> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#inData) {
        const quote = chunk.indexOf(QUOTE, at);
        const end = quote < 0 ? chunk.length : quote;
        yield { kind: 'base64', bytes: chunk.subarray(at, end) };
        at = end;
        this.#inData = quote < 0;
        if (!this.#inData) yield { kind: 'attachment-end' };
      } else {
        const end = this.#passText(chunk, at);
        this.#keep(chunk.subarray(at, end));
        at = end;
        if (this.#inData) yield { kind: 'attachment', name: this.#keys[DATA_DEPTH - 1] ?? '' };
      }
    }
  }

  /** @returns where the text stops: after the quote that opens data, or at the end of the chunk. */
  #passText(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#state !== 'between') this.#passInString(byte);
      else if (byte === QUOTE) this.#openString();
      else this.#passBetween(byte);
      if (this.#inData) return at + 1;
    }
    return chunk.length;
  }

  #keep(bytes: Uint8Array): void {
    this.#textBytes += bytes.length;
    if (this.#textBytes > this.#maxTextBytes) throw tooMuchText(this.#maxTextBytes);
    this.#text += this.#decoder.decode(bytes, { stream: true });
  }

  #openString(): void {
    this.#state = this.#awaitsKey ? 'key' : 'string';
    this.#inData = !this.#awaitsKey && this.#isAtData();
    this.#keyBytes = [];
  }

  #isAtData(): boolean {
    const [, list, , field] = this.#keys;
    const inObjects = this.#isObject.slice(1, DATA_DEPTH + 1).every(Boolean);
    return this.#depth === DATA_DEPTH && inObjects && list === '_attachments' && field === 'data';
  }

  #passInString(byte: number): void {
    if (byte === QUOTE && !this.#escaped) {
      if (this.#state === 'key') this.#keys[this.#depth] = keyOf(this.#keyBytes);
      this.#state = 'between';
      return;
    }
    this.#escaped = byte === BACKSLASH && !this.#escaped;
    if (this.#state === 'key' && this.#keyBytes.length <= MAX_KEY_BYTES) this.#keyBytes.push(byte);
  }

  #passBetween(byte: number): void {
    if (byte === OBJECT || byte === LIST) this.#open(byte === OBJECT);
    else if (byte === OBJECT_END || byte === LIST_END) this.#close();
    else if (byte === COLON) this.#awaitsKey = false;
    else if (byte === COMMA) this.#awaitsKey = this.#depth <= DATA_DEPTH && this.#isObject[this.#depth] === true;
  }

  #open(isObject: boolean): void {
    this.#depth++;
    this.#awaitsKey = isObject && this.#depth <= DATA_DEPTH;
    if (this.#depth > DATA_DEPTH) return;
    this.#isObject[this.#depth] = isObject;
    this.#keys[this.#depth] = undefined;
  }

  #close(): void {
    this.#depth--;
    this.#awaitsKey = false;
  }
}

/** A key as JSON decodes it, including escapes; undefined if it is not valid. */
function keyOf(bytes: readonly number[]): string | undefined {
  try {
    return JSON.parse(`"${new TextDecoder().decode(Uint8Array.from(bytes))}"`);
  } catch {
    return undefined;
  }
}

function tooMuchText(limit: number): RegistryError {
  const message = `The document has more than ${limit / 1024 / 1024} MB besides the tarball`;
  return new RegistryError('PAYLOAD_TOO_LARGE', message, { limit });
}
