// Owns line ends: telling how a text ends its lines, and giving another text the same.

/** How a text ends its lines; undefined for a mixture, for a text of one line, and for what is no text. */
export type LineEnds = 'lf' | 'crlf' | undefined;

/** git's own measure: a NUL among the first bytes. */
const LOOKED_AT = 8_000;

/** False for what git would call binary. */
export function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, LOOKED_AT).includes(0);
}

export function lineEndsOf(bytes: Buffer): LineEnds {
  if (!isText(bytes)) return undefined;
  let crlf = 0;
  let lf = 0;
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) {
    if (bytes[at - 1] === 0x0d) crlf++;
    else lf++;
  }
  if (crlf === 0 && lf === 0) return undefined;
  return crlf === 0 ? 'lf' : lf === 0 ? 'crlf' : undefined;
}

/** A text with its lines ended otherwise. Bytes stay as they are where the two agree, or one of them has no one way. */
export function withLineEnds(bytes: Buffer, wanted: LineEnds): Buffer {
  const found = lineEndsOf(bytes);
  if (wanted === undefined || found === undefined || found === wanted) return bytes;
  // Latin 1 keeps every byte as it is.
  const text = bytes.toString('latin1');
  return Buffer.from(wanted === 'lf' ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n'), 'latin1');
}

/** True if two files are the same but for their line ends. */
export function isSameText(one: Buffer, other: Buffer): boolean {
  if (one.equals(other)) return true;
  return isText(one) && isText(other) && withoutCarriageReturns(one).equals(withoutCarriageReturns(other));
}

function withoutCarriageReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
