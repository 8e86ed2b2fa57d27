// Owns connecting to a registry early, while the code that will use the connection is still loading.
import http from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Environment } from '../context.ts';
import { NETWORK_POLICY, type NetworkPolicy } from './policy.ts';

/** The options of `createConnection` that matter here. */
interface Destination {
  readonly host?: string | null;
  readonly port?: number | string | null;
}

/** Requests that init begins with: the packument, and the keys. */
const FIRST_REQUESTS = 2;

/** Opens a connection, as agents do. */
type Connect = NonNullable<http.Agent['createConnection']>;

/**
 * A keep-alive agent that has already begun its first connections to the registry. Undefined with a proxy, for which pacote has its
 * own agents, and in Bun, which ignores an agent's connections.
 * @param url of the registry.
 */
export async function readyAgent(
  url: string,
  env: Environment,
  policy: NetworkPolicy = NETWORK_POLICY,
): Promise<http.Agent | undefined> {
  const hasProxy = Object.keys(env).some((name) => /^(?:https?_|all_)?proxy$/i.test(name));
  if (hasProxy || 'bun' in process.versions) return undefined;
  const { Agent } = url.startsWith('https:') ? await import('node:https') : http;
  return makeReady(new Agent({ keepAlive: true, timeout: policy.idleMs }), new URL(url), policy);
}

function makeReady(agent: http.Agent, { hostname, port, protocol }: URL, policy: NetworkPolicy): http.Agent {
  const connect: Connect = agent.createConnection.bind(agent);
  const host = hostname.replace(/^\[|\]$/g, '');
  const destination = { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
  const open = () => ended(connect({ ...destination, servername: host } as Parameters<Connect>[0]), policy);
  const ready = Array.from({ length: FIRST_REQUESTS }, open);
  agent.createConnection = (options, callback) => {
    const socket = isFor(options, destination) ? ready.shift() : undefined;
    return socket === undefined || socket.destroyed ? ended(connect(options, callback), policy) : socket;
  };
  return agent;
}

function isFor(options: Destination, destination: Destination): boolean {
  return options.host === destination.host && Number(options.port) === destination.port;
}

/** Closes a connection that is not there in time, or silent. Errors before its first use are ignored: the request will meet them again. */
function ended(socket: Duplex | null | undefined, { connectMs, idleMs }: NetworkPolicy): Duplex | undefined {
  if (!(socket instanceof Socket)) return undefined;
  let code = 'ECONNECTIONTIMEOUT';
  socket.on('error', () => {});
  // By itself the agent closes only idle connections, not those that a request is using.
  socket.setTimeout(connectMs);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
    code = 'EIDLETIMEOUT';
    socket.setTimeout(idleMs);
  });
  socket.on('timeout', () => socket.destroy(Object.assign(new Error('The connection timed out'), { code })));
  return socket;
}
