// Owns decoding base64 that arrives in pieces.
import { RegistryError } from '@progy/protocol/errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NO_DIGIT = 255;
const PADDING = 0x3d;

const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of [...ALPHABET].entries()) VALUES[digit.charCodeAt(0)] = value;

/** Decodes strictly, as JSON.stringify and Buffer write it: no line breaks, padding only at the end. */
export class Base64Decoder {
  #bits = 0;
  #digits = 0;
  #padding = 0;

  /** @throws {RegistryError} INVALID_REQUEST for what is not base64. */
  decode(text: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4) + 1);
    let length = 0;
    for (const digit of text) {
      if (digit === PADDING) {
        this.#padding++;
        continue;
      }
      const value = VALUES[digit] ?? NO_DIGIT;
      if (value === NO_DIGIT || this.#padding > 0) throw notBase64();
      this.#bits = ((this.#bits << 6) | value) & 0xffffff;
      this.#digits++;
      const spare = (this.#digits * 6) % 8;
      if (spare !== 6) bytes[length++] = (this.#bits >> spare) & 0xff;
    }
    return bytes.subarray(0, length);
  }

  /** @throws {RegistryError} INVALID_REQUEST for base64 that ends in the middle of a byte. */
  end(): void {
    if ((this.#digits + this.#padding) % 4 !== 0 || this.#padding > 2) throw notBase64();
  }
}

function notBase64(): RegistryError {
  return new RegistryError('INVALID_REQUEST', 'The data of the tarball is not base64');
}
