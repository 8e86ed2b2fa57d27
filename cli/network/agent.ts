// Owns the connections of pacote and make-fetch-happen: theirs, but with our patience.
import type { Agent } from 'node:http';
import { CliError } from '../cli-error.ts';
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

/**
 * The agent, for requests with a token of one registry: it refuses a redirect to another port or protocol of the registry's
 * host, to which make-fetch-happen would take the token along. To other hosts it takes none.
 * @param url of the registry.
 */
export function keepingToken(agent: Agent, url: string): Agent {
  const { hostname, origin } = new URL(url);
  const choose = (target: URL): Agent => {
    if (target.hostname !== hostname || target.origin === origin) return agent;
    const message = `The registry at ${origin} leads to ${target.origin}, and your token is for one address only`;
    throw new CliError(
      'UNSAFE_ANSWER',
      message,
      `If you trust that address, use it for all: --registry ${target.origin}`,
    );
  };
  // minipass-fetch calls a function for each address; the types of pacote know of no functions.
  return choose as unknown as Agent;
}
