// Owns requests with cacheable answers: one on the disk is used for as long as the registry allows.
import type { Agent } from 'node:http';
import type { Exchange } from './exchange.ts';

/** Sends requests and caches their answers as the headers allow. @param folder a cacache, such as pacote's. @param agent undefined: one of its own. */
export function exchangeKeptIn(folder: string, agent?: Agent): Exchange {
  return async (url, options) => {
    const { default: fetch } = await import('make-fetch-happen');
    // The caller decides whether to retry.
    const answering = fetch(url, { ...options, agent, cachePath: folder, redirect: 'manual', retry: 0 });
    const { status, headers, body } = await answering.catch((error: unknown) => {
      options.signal.throwIfAborted();
      throw error;
    });
    return { status, header: (name) => headers.get(name) ?? undefined, body };
  };
}
