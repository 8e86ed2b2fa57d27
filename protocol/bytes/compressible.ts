// Owns the guess whether deflating bytes is worth the time.

/**
 * True for bytes such as those of images, video and archives. Exact on every machine: only integers decide.
 *
 * From the histogram comes the Rényi entropy of order 2, a lower bound of Shannon's. Bytes look incompressible
 * from 7.8 bits a byte on, where Huffman coding could save at most 2.5 %. Repetition hides from a histogram:
 * bytes that repeat with a flat histogram are rare, and storing them only costs room.
 */
export function looksIncompressible(bytes: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  // By index: this runs over every byte of every course, and an iterator costs three times as much.
  for (let at = 0; at < bytes.length; at++) (counts[bytes[at] as number] as number)++;
  let collisions = 0;
  for (const count of counts) collisions += count * count;
  return 7 * 256 * collisions < 8 * bytes.length * bytes.length;
}
