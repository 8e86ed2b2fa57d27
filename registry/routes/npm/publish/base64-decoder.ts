// Owns decoding base64 that arrives in pieces.
import { Buffer } from 'node:buffer';
import { RegistryError } from '@progy/protocol/errors.ts';

/** Digits that make whole bytes. */
const GROUP = 4;

/** Decodes strictly, as JSON.stringify and Buffer write it: no line breaks, padding only at the end. */
export class Base64Decoder {
  /** Digits of a group that has not come whole. */
  #rest = '';
  #hasEnded = false;

  /** @throws {RegistryError} INVALID_REQUEST for what is not base64. */
  decode(text: Uint8Array): Uint8Array {
    const digits = this.#rest + Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
    const whole = digits.length - (digits.length % GROUP);
    this.#rest = digits.slice(whole);
    return this.#decodeGroups(digits.slice(0, whole));
  }

  /** @throws {RegistryError} INVALID_REQUEST for base64 that ends in the middle of a byte. */
  end(): void {
    if (this.#rest !== '') throw notBase64();
  }

  /** Buffer passes over what is no digit. What it read, written again, is the same only if there was nothing else. */
  #decodeGroups(digits: string): Uint8Array {
    const bytes = Buffer.from(digits, 'base64');
    const isSame = bytes.toString('base64') === digits;
    if (!isSame || (this.#hasEnded && digits !== '')) throw notBase64();
    this.#hasEnded = digits.endsWith('=');
    return bytes;
  }
}

function notBase64(): RegistryError {
  return new RegistryError('INVALID_REQUEST', 'The data of the tarball is not base64');
}
