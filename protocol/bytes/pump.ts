// Owns writing a stream into a callback-style sink at the sink's pace.

/** What tar-stream's sinks offer. */
interface Sink {
  readonly destroyed: boolean;
  write(piece: Uint8Array): boolean;
  end(last: null): unknown;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Writes a stream into a sink and ends it; stops quietly if the sink is destroyed meanwhile.
 * An error of the stream is thrown and leaves the sink as it is.
 */
export async function pump(source: AsyncIterable<Uint8Array>, sink: Sink): Promise<void> {
  for await (const piece of source) {
    if (sink.destroyed) return;
    if (!sink.write(piece)) await drained(sink);
  }
  sink.end(null);
}

function drained(sink: Sink): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.off('drain', done);
      sink.off('close', done);
      resolve();
    };
    sink.on('drain', done);
    sink.on('close', done);
  });
}
