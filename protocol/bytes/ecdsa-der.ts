// Owns the two ways to write an ECDSA signature on P-256: WebCrypto's `r || s`, and the DER that OpenSSL and so npm use.

/** Bytes of r, and of s. */
const NUMBER_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** DER of a signature: SEQUENCE of the INTEGERs r and s (RFC 3279 §2.2.3). @param raw 64 bytes. */
export function toDer(raw: Uint8Array): Uint8Array {
  const numbers = [raw.subarray(0, NUMBER_BYTES), raw.subarray(NUMBER_BYTES)].map(toInteger);
  const content = numbers.flatMap((number) => [INTEGER, number.length, ...number]);
  // At most 70 bytes of content: one byte holds the length.
  return Uint8Array.of(SEQUENCE, content.length, ...content);
}

/** The 64 bytes `r || s` of a signature in DER, or undefined for anything but the one valid DER of two such numbers. */
export function fromDer(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return undefined;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * NUMBER_BYTES);
  raw.set(r.bytes, NUMBER_BYTES - r.bytes.length);
  raw.set(s.bytes, 2 * NUMBER_BYTES - s.bytes.length);
  return raw;
}

/** Without leading zeros, except the one that keeps a high first bit from meaning a negative number. */
function toInteger(number: Uint8Array): Uint8Array {
  const digits = trimmed(number);
  return (digits[0] ?? 0) < 0x80 ? digits : Uint8Array.of(0, ...digits);
}

/** One zero stays for the number 0. */
function trimmed(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  return number.subarray(first === -1 ? -1 : first);
}

/** The number whose INTEGER starts at `at`, without leading zeros, and where its INTEGER ends. */
function integerAt(der: Uint8Array, at: number): { bytes: Uint8Array; end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  const written = der.subarray(at + 2, end);
  if (der[at] !== INTEGER || length === 0 || written.length !== length) return undefined;
  const bytes = trimmed(written);
  if (bytes.length > NUMBER_BYTES || !sameBytes(toInteger(bytes), written)) return undefined;
  return { bytes, end };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
