// Owns reading an artifact by ranges, wherever it is stored.

/** Random access to an artifact: a file on disk, bytes in memory, or an R2 object read by ranges. Offsets and lengths are bytes. */
export interface ArtifactSource {
  readonly size: number;
  /** Reads exactly `length` bytes; the range lies within the artifact. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Reads the same range piece by piece. */
  stream(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/** An artifact that is already in memory. */
export function bytesSource(bytes: Uint8Array): ArtifactSource {
  const range = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return {
    size: bytes.length,
    read: async (offset, length) => range(offset, length),
    async *stream(offset, length) {
      yield range(offset, length);
    },
  };
}
