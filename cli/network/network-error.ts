// Owns telling apart how a connection failed, whether node:http, fetch, Bun or pacote reports it.
import { CliError, type CliErrorCode } from '../cli-error.ts';

export type NetworkFault = 'refused' | 'unknown-host' | 'reset' | 'timeout' | 'certificate';

const FAULTS: ReadonlyArray<readonly [NetworkFault, RegExp]> = [
  ['refused', /^(?:ECONNREFUSED|ConnectionRefused|FailedToOpenSocket)$/],
  ['unknown-host', /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/],
  ['reset', /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|ConnectionClosed|ERR_STREAM_PREMATURE_CLOSE)$/],
  [
    'timeout',
    /^(?:ETIMEDOUT|UND_ERR_\w+_TIMEOUT|E(?:CONNECTION|IDLE|RESPONSE|TRANSFER)TIMEOUT|ERR_SOCKET_TIMEOUT|TimeoutError)$/,
  ],
  ['certificate', /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_|ERR_SSL_|^EPROTO$/],
];

/** Why a connection failed, or undefined if the error is about something else. */
export function networkFault(error: unknown): NetworkFault | undefined {
  for (const code of codesOf(error)) {
    const fault = FAULTS.find(([, pattern]) => pattern.test(code));
    if (fault !== undefined) return fault[0];
  }
  return undefined;
}

/** The codes of an error and of what it wraps: fetch hides them in `cause`, connections tried in turn in `errors`. */
function* codesOf(error: unknown, depth = 0): Iterable<string> {
  if (!(error instanceof Error) || depth > 5) return;
  const { code, cause, errors, name } = error as Error & { code?: unknown; errors?: unknown };
  if (typeof code === 'string') yield code;
  if (name === 'TimeoutError') yield name;
  yield* codesOf(cause, depth + 1);
  for (const inner of Array.isArray(errors) ? errors : []) yield* codesOf(inner, depth + 1);
}

const SENTENCES: Record<NetworkFault, readonly [CliErrorCode, (registry: string) => string]> = {
  refused: ['UNREACHABLE', (registry) => `Nothing is listening at ${registry}`],
  'unknown-host': ['UNREACHABLE', (registry) => `Cannot find ${registry}`],
  reset: ['UNREACHABLE', (registry) => `The connection to ${registry} was lost`],
  timeout: ['UNREACHABLE', (registry) => `${registry} did not answer in time`],
  certificate: ['CERTIFICATE', (registry) => `This machine does not trust the certificate of ${registry}`],
};

/** A failed connection as an error that names the registry; any other error as it is. */
export function namingRegistry(registry: string, error: unknown): unknown {
  const fault = networkFault(error);
  if (fault === undefined) return error;
  const [code, sentence] = SENTENCES[fault];
  return new CliError(code, sentence(registry), undefined, { cause: error });
}
