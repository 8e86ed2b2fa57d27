// Owns writing a stream into a callback-style sink at the sink's pace.

/** What tar-stream's sinks offer. */
interface Sink {
  readonly destroyed: boolean;
  write(piece: Uint8Array): boolean;
  end(last: null): unknown;
  destroy(error?: Error): unknown;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Writes a stream into a sink and ends it; stops quietly if the sink is destroyed meanwhile.
 * An error of the stream destroys the sink and is thrown.
 */
export async function pump(source: AsyncIterable<Uint8Array>, sink: Sink): Promise<void> {
  try {
    for await (const piece of source) {
      if (sink.destroyed) return;
      if (!sink.write(piece)) await drained(sink);
    }
    sink.end(null);
  } catch (error) {
    sink.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
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
