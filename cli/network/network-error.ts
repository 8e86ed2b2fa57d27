// Owns telling apart how a connection failed, whether node:http, fetch, Bun, a proxy agent or pacote reports it.
import { CliError, type CliErrorCode } from '../cli-error.ts';

export type NetworkFault =
  | 'refused'
  | 'unknown-host'
  | 'no-route'
  | 'blocked'
  | 'no-connection'
  | 'silent'
  | 'reset'
  | 'truncated'
  | 'not-http'
  | 'certificate'
  | 'not-encrypted'
  | 'proxy'
  | 'circles'
  | 'not-kept';

/**
 * Codes of libuv and Node's net, tls, http and zlib; of undici (UND_ERR_…), llhttp (HPE_…), Bun (ConnectionRefused …), and of
 * make-fetch-happen with its agent (E…TIMEOUT, EINVALIDPROXY, E…REDIRECT). The first that matches counts.
 */
const FAULTS: ReadonlyArray<readonly [NetworkFault, RegExp]> = [
  ['not-kept', /^ENOTCACHED$/],
  ['refused', /^(?:ECONNREFUSED|ConnectionRefused|FailedToOpenSocket)$/],
  ['unknown-host', /^(?:ENOTFOUND|EAI_\w+|DNS_\w+|ENODATA|ESERVFAIL)$/],
  ['no-route', /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ENONET)$/],
  ['no-connection', /^(?:ECONNECTIONTIMEOUT|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/],
  [
    'silent',
    /^(?:UND_ERR_(?:HEADERS|BODY)_TIMEOUT|E(?:IDLE|RESPONSE|TRANSFER)TIMEOUT|ESOCKETTIMEDOUT|ERR_SOCKET_\w*TIMEOUT|ERR_HTTP_REQUEST_TIMEOUT|TimeoutError|Timeout|request-timeout|body-timeout)$/,
  ],
  ['proxy', /^(?:ERR_PROXY_\w+|EINVALIDPROXY|UND_ERR_PRX_TLS|ERR_SOCKS\w*|ProxyTunnelFailed)$/],
  ['circles', /^(?:EMAXREDIRECT|ENOREDIRECT|EINVALIDREDIRECT|TooManyRedirects|UnexpectedRedirect|RedirectURLInvalid)$/],
  [
    'truncated',
    /^(?:ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR|UND_ERR_(?:RES|REQ)_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE|EBADSIZE)$/,
  ],
  [
    'reset',
    /^(?:ECONNRESET|ECONNABORTED|EPIPE|ENOTCONN|ENETRESET|UND_ERR_(?:SOCKET|CLOSED|DESTROYED|ABORTED)|ConnectionClosed|ConnectionReset|ERR_STREAM_DESTROYED|ERR_SOCKET_CLOSED)$/,
  ],
  ['not-encrypted', /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/],
  ['certificate', /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_|ERR_SSL_|CRL_|HOSTNAME_MISMATCH/],
  [
    'not-http',
    /^(?:HPE_\w+|EINVALIDRESPONSE|UND_ERR_(?:HEADERS_OVERFLOW|RES_EXCEEDED_MAX_SIZE)|ERR_INVALID_HTTP_RESPONSE|Malformed_HTTP_Response|InvalidHTTPResponse|Z_DATA_ERROR|ERR_INVALID_CHAR)$/,
  ],
];

/** Codes that mean the network only where connecting failed: files have them too. */
const CONNECTING: ReadonlyArray<readonly [NetworkFault, RegExp]> = [['blocked', /^(?:EACCES|EPERM)$/]];

/** How a connection failed, or undefined if the error is about something else. */
export function networkFault(error: unknown): NetworkFault | undefined {
  for (const { code, isConnecting } of failuresIn(error)) {
    const table = isConnecting ? [...CONNECTING, ...FAULTS] : FAULTS;
    const fault = table.find(([, pattern]) => pattern.test(code));
    if (fault !== undefined) return fault[0];
  }
  return undefined;
}

interface Failure {
  readonly code: string;
  readonly isConnecting: boolean;
  /** Where to, if the error says so. */
  readonly port?: number;
}

/**
 * The codes of an error and of what it wraps: fetch hides them in `cause`, connections tried in turn in `errors`.
 * make-fetch-happen's timeouts have a `type` only.
 */
function* failuresIn(error: unknown, depth = 0): Iterable<Failure> {
  if (!(error instanceof Error) || depth > 5) return;
  const { code, type, name, syscall, port, cause, errors } = error as Error & Partial<Record<string, unknown>>;
  const isConnecting = syscall === 'connect';
  const known = typeof port === 'number' ? { port } : {};
  for (const word of [code, type, name === 'TimeoutError' ? name : undefined]) {
    if (typeof word === 'string') yield { code: word, isConnecting, ...known };
  }
  yield* failuresIn(cause, depth + 1);
  for (const inner of Array.isArray(errors) ? errors : []) yield* failuresIn(inner, depth + 1);
}

const SENTENCES: Record<NetworkFault, readonly [CliErrorCode, (registry: string) => string]> = {
  refused: ['UNREACHABLE', (registry) => `Nothing is listening at ${registry}`],
  'unknown-host': ['UNREACHABLE', (registry) => `Cannot find ${registry}`],
  'no-route': ['UNREACHABLE', (registry) => `This machine has no way to ${registry}`],
  blocked: ['UNREACHABLE', (registry) => `A firewall on this machine blocks the way to ${registry}`],
  'no-connection': ['UNREACHABLE', (registry) => `Cannot connect to ${registry} in time`],
  silent: ['UNREACHABLE', (registry) => `${registry} did not answer in time`],
  reset: ['UNREACHABLE', (registry) => `The connection to ${registry} was lost`],
  truncated: ['UNREACHABLE', (registry) => `The answer from ${registry} was cut off`],
  'not-http': ['NOT_A_REGISTRY', (registry) => `${registry} is not a registry: its answer is not HTTP`],
  'not-encrypted': ['NOT_A_REGISTRY', (registry) => `${registry} does not speak HTTPS`],
  certificate: ['CERTIFICATE', (registry) => `This machine does not trust the certificate of ${registry}`],
  proxy: ['PROXY', (registry) => `The proxy does not let progy through to ${registry}`],
  'not-kept': ['OFFLINE', (registry) => `What ${registry} would answer is not in the cache on this machine`],
  circles: ['NOT_A_REGISTRY', (registry) => `${registry} is not a registry: it only redirects`],
};

/** A failed connection as an error that names the registry; any other error as it is. */
export function namingRegistry(registry: string, error: unknown): unknown {
  if (error instanceof CliError) return error;
  const fault = networkFault(error);
  if (fault === undefined) return error;
  const proxyPort = fault === 'refused' ? otherPort(registry, error) : undefined;
  if (proxyPort !== undefined) {
    return new CliError('PROXY', `No proxy is listening on port ${proxyPort}`, undefined, { cause: error });
  }
  const [code, sentence] = SENTENCES[fault];
  return new CliError(code, sentence(registry), undefined, { cause: error });
}

/** Connections go to the registry, or to the proxy of the environment. */
function otherPort(registry: string, error: unknown): number | undefined {
  const { protocol, port } = new URL(registry);
  const own = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  for (const failure of failuresIn(error)) if (failure.port !== undefined && failure.port !== own) return failure.port;
  return undefined;
}
