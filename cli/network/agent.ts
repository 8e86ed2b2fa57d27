// Owns the connections of pacote and make-fetch-happen: theirs, but with our patience.
import type { Agent } from 'node:http';
import type { NetworkPolicy } from './policy.ts';

/**
 * An agent for an address, through the proxy of the environment if there is one. The same one for the same policy, so that
 * connections are shared.
 */
export async function agentFor(url: string, { connectMs, idleMs }: NetworkPolicy): Promise<Agent> {
  // In the bundle, a CommonJS package has a default export only.
  const { default: agent } = await import('@npmcli/agent');
  return agent.getAgent(url, { timeouts: { connection: connectMs, idle: idleMs } });
}
