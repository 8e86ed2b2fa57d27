// Every way in which a network can fail, for every command that uses it.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { main } from '../../main.ts';
import { NETWORK_POLICY, type NetworkPolicy } from '../../network/policy.ts';
import { answer, reset, serveFaults } from '../helpers/fault-server.ts';

const PROGY = fileURLToPath(new URL('../../progy.js', import.meta.url));
const COURSE = fileURLToPath(new URL('../../../fixtures/courses/rust-mastery', import.meta.url));

/** A certificate that nobody trusts, and its key. */
const UNTRUSTED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEv4sMv2cupH1kuvc
dlv+JRKpAONjpephWjNR42vMHyihRANCAASAQiJJ8jTEWch6RzFG8g2n5vPpevgn
2/8K1sdtIO/KCgK3YEq8iDGyJzdGxYfhigt2zSfXx4QpV9sjKEpsovU+
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUHYh+gsIu5ElzBO7trdUh7W9/ne0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIyMzYwNloYDzIxMjYxMDMx
MjIzNjA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASAQiJJ8jTEWch6RzFG8g2n5vPpevgn2/8K1sdtIO/KCgK3YEq8iDGy
JzdGxYfhigt2zSfXx4QpV9sjKEpsovU+o1MwUTAdBgNVHQ4EFgQUJ7JAT9Ms9gRK
dJXVrmWTN4PE0c4wHwYDVR0jBBgwFoAUJ7JAT9Ms9gRKdJXVrmWTN4PE0c4wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiA4wyVbd0JjeXAs7w84qSQQ
+9lpImQThOR57NJ1xi/ImgIgRZzbbzpvCjp44OXbYepFp1NbiGiflFZCHsDhfMrc
WZo=
-----END CERTIFICATE-----`,
};

/** The usual policy, without the waits between tries. */
const QUICK: NetworkPolicy = { ...NETWORK_POLICY, firstWaitMs: 1 };

interface CommandLine {
  readonly argv: readonly string[];
  /** Requests that it begins with. */
  readonly requests: number;
  /** How often it tries them at most, where that is less than usual. */
  readonly tries?: number;
  /** Connections that it makes, where those are more than requests. */
  readonly connections?: number;
  readonly cwd?: string;
}

const COMMANDS: Record<string, CommandLine> = {
  // It has two connections ready before it asks for anything.
  init: { argv: ['init', '@diego/rust-mastery'], requests: 2, connections: 4 },
  info: { argv: ['info', '@diego/rust-mastery'], requests: 1 },
  search: { argv: ['search', 'rust'], requests: 1 },
  publish: { argv: ['publish'], cwd: COURSE, requests: 1, tries: 2 },
  login: { argv: ['login', '--token', 'secret'], requests: 1 },
  whoami: { argv: ['whoami'], requests: 1 },
};

interface Faulty {
  readonly url: string;
  readonly requests: { readonly length: number };
}

interface Fault {
  readonly serve: (t: Test) => Promise<Faulty>;
  readonly code: string;
  readonly error: RegExp;
  /** How often one request is tried; where it may not be repeated, fewer times. */
  readonly tries: number;
  readonly policy?: Partial<NetworkPolicy>;
  /** What the server can count. */
  readonly counts?: 'connections';
}

function answering(...listeners: Parameters<typeof serveFaults>): Fault['serve'] {
  return async (t) => {
    const server = await serveFaults(...listeners);
    t.teardown(server.close);
    return server;
  };
}

/** A server of connections. @param scheme of its address. */
function connecting(listener: (socket: Socket) => void, scheme = 'http'): Fault['serve'] {
  return (t) => listening(t, createRawServer(listener), scheme);
}

async function listening(t: Test, server: Server, scheme: string): Promise<Faulty> {
  const requests: Socket[] = [];
  server.on('connection', (socket: Socket) => requests.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of requests) socket.destroy();
    server.close();
  });
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const PORTAL = '<html>Please sign in to the guest network</html>';

const FAULTS: Record<string, Fault> = {
  'nobody listens': {
    serve: async () => {
      const server = await serveFaults(reset);
      await server.close();
      return server;
    },
    code: 'UNREACHABLE',
    error: /^Nothing is listening at /,
    tries: 0,
  },
  'a name that does not exist': {
    serve: async () => ({ url: 'http://registry.invalid', requests: [] }),
    code: 'UNREACHABLE',
    error: /^Cannot find http:\/\/registry\.invalid$/,
    tries: 0,
  },
  'a server that accepts and never answers': {
    serve: connecting(() => {}),
    code: 'UNREACHABLE',
    error: /did not answer in time$/,
    tries: 1,
    counts: 'connections',
    policy: { idleMs: 100, storeMs: 100 },
  },
  'an answer that stops in the middle': {
    serve: answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"a":');
    }),
    code: 'UNREACHABLE',
    error: /did not answer in time$/,
    tries: 1,
    policy: { idleMs: 100, storeMs: 100 },
  },
  'an answer that never ends': {
    serve: answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    }),
    code: 'UNREACHABLE',
    error: /did not answer in time$/,
    tries: 1,
    policy: { answerMs: 300, idleMs: 300, storeMs: 300 },
  },
  'a connection that breaks': {
    serve: answering(reset),
    code: 'UNREACHABLE',
    error: /^The connection to http:\S+ was lost$/,
    tries: 3,
  },
  'an answer that is cut off': {
    serve: answering((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"a":', () => request.socket.destroy());
    }),
    code: 'UNREACHABLE',
    error: /was (?:lost|cut off)$/,
    tries: 3,
  },
  'a guest network’s page': {
    serve: answering(answer(200, PORTAL)),
    code: 'NOT_A_REGISTRY',
    error: /is not a registry: /,
    tries: 1,
  },
  'a redirect to a guest network’s page': {
    serve: async (t) => {
      const portal = await answering(answer(200, PORTAL))(t);
      return answering(answer(302, '', { location: `${portal.url}/login` }))(t);
    },
    code: 'NOT_A_REGISTRY',
    error: /is not a registry: |redirects to /,
    tries: 1,
  },
  'redirects without an end': {
    serve: answering((request, response) => {
      request.resume();
      response.writeHead(302, { location: `http://${request.headers.host}/again` }).end();
    }),
    code: 'NOT_A_REGISTRY',
    error: /redirects/,
    tries: 22,
  },
  'a guest network that asks to sign in': {
    serve: answering(answer(511, PORTAL)),
    code: 'NOT_A_REGISTRY',
    error: /is not a registry: it answered with a web page \(status 511\)$/,
    tries: 1,
  },
  'a proxy that asks for a password': {
    serve: answering(answer(407, 'no')),
    code: 'PROXY',
    error: /^The proxy asks for a name and a password$/,
    tries: 1,
  },
  'a failure inside the registry': {
    serve: answering(answer(500, { error: 'Something broke', code: 'INTERNAL' })),
    code: 'INTERNAL',
    error: /^Something broke$/,
    tries: 1,
  },
  'a registry that is down for a moment': {
    serve: answering(answer(503, 'down', { 'retry-after': '0' })),
    code: 'UNAVAILABLE',
    error: /./,
    tries: 3,
  },
  'a gateway that reaches nothing': {
    serve: answering(answer(502, '<html>Bad gateway</html>')),
    code: 'UNAVAILABLE',
    error: /./,
    tries: 3,
  },
  'a busy registry': {
    serve: answering(answer(429, { error: 'Too many requests', code: 'RATE_LIMITED' }, { 'retry-after': '0' })),
    code: 'RATE_LIMITED',
    error: /^Too many requests$/,
    tries: 3,
  },
  'a registry that is busy for an hour': {
    serve: answering(answer(429, { error: 'Too many requests', code: 'RATE_LIMITED' }, { 'retry-after': '3600' })),
    code: 'RATE_LIMITED',
    error: /^Too many requests$/,
    tries: 1,
  },
  'something that is not HTTP': {
    serve: connecting((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    code: 'NOT_A_REGISTRY',
    error: /its answer is not HTTP$/,
    tries: 1,
    counts: 'connections',
  },
  'a server without encryption': {
    serve: connecting((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'https'),
    code: 'NOT_A_REGISTRY',
    error: /does not speak HTTPS$/,
    tries: 1,
    counts: 'connections',
  },
  'a certificate that nobody trusts': {
    serve: (t) => listening(t, createTlsServer(UNTRUSTED), 'https'),
    code: 'CERTIFICATE',
    error: /^This machine does not trust the certificate of https:/,
    tries: 1,
    counts: 'connections',
  },
};

class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function progy(t: Test, { argv, cwd }: CommandLine, url: string, networkPolicy: NetworkPolicy) {
  const folder = t.testdir({ home: {}, work: {} });
  const [stdout, stderr] = [new Captured(), new Captured()];
  const env = { PATH: process.env.PATH, HOME: `${folder}/home`, PROGY_REGISTRY: url, PROGY_TOKEN: 'secret' };
  const surroundings = { cwd: cwd ?? `${folder}/work`, env, stdin: Readable.from([]), stdout, stderr, networkPolicy };
  const exit = await main([...argv, '--json'], { ...surroundings, signal: new AbortController().signal });
  return { exit, said: JSON.parse(stdout.text), left: await readdir(`${folder}/work`) };
}

for (const [title, { serve, code, error, tries, policy, counts }] of Object.entries(FAULTS)) {
  t.test(title, async (t) => {
    for (const [name, command] of Object.entries(COMMANDS)) {
      const server = await serve(t);
      const { exit, said, left } = await progy(t, command, server.url, { ...QUICK, ...policy });
      t.match(said, { success: false, code, error }, `${name}: ${JSON.stringify(said)}`);
      t.equal(exit, 1, name);
      t.same(left, [], `${name} leaves nothing behind`);
      const first = (counts === 'connections' ? command.connections : undefined) ?? command.requests;
      const most = first * Math.min(tries, command.tries ?? tries);
      t.ok(server.requests.length <= most, `${name}: ${server.requests.length} requests, at most ${most}`);
    }
  });
}

/** progy as a process of its own: proxies come from its environment. */
async function behindProxy(t: Test, argv: readonly string[], env: Record<string, string>) {
  const cwd = t.testdir({});
  const child = spawn(process.execPath, [PROGY, ...argv, '--json'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, PROGY_TOKEN: 'secret', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

t.test('a proxy that is not there, or that wants a password, is named', async (t) => {
  const guarded = createServer().on('connect', (_, socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
  });
  const { url } = await listening(t, guarded, 'http');
  for (const argv of [['whoami'], ['init', '@diego/rust-mastery']]) {
    const missing = { HTTP_PROXY: 'http://127.0.0.1:1', PROGY_REGISTRY: 'http://registry.invalid' };
    t.match(await behindProxy(t, argv, missing), { code: 'PROXY', error: 'No proxy is listening on port 1' });
    const closed = { HTTPS_PROXY: url, PROGY_REGISTRY: 'https://registry.invalid' };
    t.match(await behindProxy(t, argv, closed), { code: 'PROXY', next: /http:\/\/name:password@host:port/ });
  }
});
