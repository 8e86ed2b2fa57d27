import t from 'tap';
import { type NetworkFault, namingRegistry, networkFault } from '../../network/network-error.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

/** Every code that node, undici, Bun, make-fetch-happen and its agents are known to give. */
const CODES: Record<NetworkFault, readonly string[]> = {
  refused: ['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket'],
  'unknown-host': ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'DNS_ENOTFOUND', 'ESERVFAIL'],
  'no-route': ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'],
  blocked: [],
  'no-connection': ['ECONNECTIONTIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  silent: [
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'EIDLETIMEOUT',
    'ERESPONSETIMEOUT',
    'ETRANSFERTIMEOUT',
    'ESOCKETTIMEDOUT',
    'ERR_SOCKET_TIMEOUT',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'ERR_HTTP_REQUEST_TIMEOUT',
    'TimeoutError',
  ],
  proxy: ['ERR_PROXY_TUNNEL', 'ERR_PROXY_INVALID_CONFIG', 'EINVALIDPROXY', 'UND_ERR_PRX_TLS', 'ProxyTunnelFailed'],
  'not-kept': ['ENOTCACHED'],
  circles: ['EMAXREDIRECT', 'ENOREDIRECT', 'EINVALIDREDIRECT', 'TooManyRedirects'],
  truncated: [
    'ERR_STREAM_PREMATURE_CLOSE',
    'Z_BUF_ERROR',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'HPE_INVALID_EOF_STATE',
    'EBADSIZE',
  ],
  reset: [
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENETRESET',
    'UND_ERR_SOCKET',
    'UND_ERR_CLOSED',
    'ConnectionClosed',
    'ERR_STREAM_DESTROYED',
  ],
  'not-encrypted': ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  certificate: [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
  ],
  'not-http': [
    'HPE_INVALID_CONSTANT',
    'HPE_HEADER_OVERFLOW',
    'Malformed_HTTP_Response',
    'EINVALIDRESPONSE',
    'Z_DATA_ERROR',
  ],
};

for (const [fault, codes] of Object.entries(CODES)) {
  t.test(`${fault}: ${codes.join(', ')}`, async (t) => {
    for (const code of codes) t.equal(networkFault(withCode(code)), fault, code);
  });
}

t.test('a failed connection is told apart however deep it is wrapped', async (t) => {
  t.equal(networkFault(new TypeError('fetch failed', { cause: withCode('ECONNRESET') })), 'reset');
  t.equal(networkFault(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')])), 'refused');
  t.equal(networkFault(new DOMException('late', 'TimeoutError')), 'silent');
  t.equal(networkFault(Object.assign(new Error('x'), { type: 'request-timeout' })), 'silent');
});

t.test('permission is a matter of the network only where connecting failed', async (t) => {
  t.equal(networkFault(Object.assign(withCode('EACCES'), { syscall: 'connect' })), 'blocked');
  t.equal(networkFault(Object.assign(withCode('EACCES'), { syscall: 'open' })), undefined);
});

t.test(
  'each fault is a sentence that names the registry, and a proxy that is not there is named instead',
  async (t) => {
    for (const [fault, codes] of Object.entries(CODES)) {
      const [code] = codes;
      if (code === undefined) continue;
      const error = namingRegistry('https://r.test', withCode(code));
      t.match(
        error,
        { code: /^(?:UNREACHABLE|NOT_A_REGISTRY|CERTIFICATE|PROXY|OFFLINE)$/, message: /https:\/\/r\.test/ },
        fault,
      );
    }
    const refused = Object.assign(withCode('ECONNREFUSED'), { port: 3128 });
    t.match(namingRegistry('https://r.test', refused), {
      code: 'PROXY',
      message: 'No proxy is listening on port 3128',
    });
    t.match(namingRegistry('http://r.test:3128', refused), { code: 'UNREACHABLE' });
  },
);

t.test('other errors are no network faults, and a cause that goes in circles ends', async (t) => {
  t.equal(networkFault(withCode('ENOENT')), undefined);
  t.equal(networkFault('ECONNREFUSED'), undefined);
  const circle = new Error('x');
  circle.cause = circle;
  t.equal(networkFault(circle), undefined);
});
