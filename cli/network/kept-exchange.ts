// Owns asking for what may be kept: an answer on the disk is as good as a new one for as long as the registry said.
import type { Exchange } from './exchange.ts';

/** Requests whose answers are kept, as the headers of each allow. @param folder a cacache, such as pacote's. */
export function exchangeKeptIn(folder: string): Exchange {
  return async (url, options) => {
    const { default: fetch } = await import('make-fetch-happen');
    // Who asks knows best whether to ask again.
    const answering = fetch(url, { ...options, cachePath: folder, redirect: 'manual', retry: 0 });
    const { status, headers, body } = await answering.catch((error: unknown) => {
      options.signal.throwIfAborted();
      throw error;
    });
    return { status, header: (name) => headers.get(name) ?? undefined, body };
  };
}
