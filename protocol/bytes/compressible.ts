// Owns guessing whether deflating bytes is worth the time.

/**
 * True for bytes such as those of images, video and archives. The same on every machine: only integers decide.
 *
 * The histogram gives the Rényi entropy of order 2, a lower bound of Shannon's. Bytes look incompressible
 * from 7.8 bits per byte, where Huffman coding could save at most 2.5 %. A histogram does not show repetition:
 * bytes that repeat with a flat histogram are rare, and storing them only costs space.
 */
export function looksIncompressible(bytes: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  // By index: this runs over every byte of every course, and an iterator costs three times as much.
  for (let at = 0; at < bytes.length; at++) (counts[bytes[at] as number] as number)++;
  let collisions = 0;
  for (const count of counts) collisions += count * count;
  return 7 * 256 * collisions < 8 * bytes.length * bytes.length;
}
