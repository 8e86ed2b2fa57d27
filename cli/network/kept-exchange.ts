// Owns requests with cacheable answers: one on the disk is used for as long as the registry allows, or longer offline.
import type { Agent } from 'node:http';
import { agentFor } from './agent.ts';
import type { Exchange } from './exchange.ts';
import { NETWORK_POLICY } from './policy.ts';

/** Whether to ask the network as usual, only for what is not in the cache, or never. */
export type CacheUse = 'usual' | 'preferred' | 'only';

const MODES = { usual: 'default', preferred: 'force-cache', only: 'only-if-cached' } as const;

/** Where answers are kept. */
export interface Keeping {
  /** A cacache, such as pacote's. */
  readonly folder: string;
  /** Undefined: one of its own. */
  readonly agent?: Agent;
  readonly use?: CacheUse;
}

/**
 * Sends requests and caches their answers as the headers allow.
 * The exchange throws an error with code ENOTCACHED where only the cache may be used, and it has no answer.
 */
export function exchangeKeptIn({ folder, agent, use = 'usual' }: Keeping): Exchange {
  return async (url, { policy = NETWORK_POLICY, ...options }) => {
    const { default: fetch } = await import('make-fetch-happen');
    const connections = agent ?? (await agentFor(url, policy));
    // The caller decides whether to retry. Without a time-out, the agent's would be taken from the connection.
    const settings = { redirect: 'manual', retry: 0, timeout: policy.idleMs } as const;
    const answering = fetch(url, {
      ...options,
      ...settings,
      agent: connections,
      cachePath: folder,
      cache: MODES[use],
    });
    const { status, headers, body } = await answering.catch((error: unknown) => {
      options.signal.throwIfAborted();
      throw error;
    });
    return { status, header: (name) => headers.get(name) ?? undefined, body: untilAborted(body, options.signal) };
  };
}

/** The reader of an aborted answer learns the reason. */
async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
