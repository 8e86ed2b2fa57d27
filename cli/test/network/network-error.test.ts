import t from 'tap';
import { networkFault } from '../../network/network-error.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

t.test('a failed connection is told apart by its code, however deep it is wrapped', async (t) => {
  t.equal(networkFault(withCode('ECONNREFUSED')), 'refused');
  t.equal(networkFault(withCode('ENOTFOUND')), 'unknown-host');
  t.equal(networkFault(withCode('EPIPE')), 'reset');
  t.equal(networkFault(withCode('UND_ERR_HEADERS_TIMEOUT')), 'timeout');
  t.equal(networkFault(withCode('SELF_SIGNED_CERT_IN_CHAIN')), 'certificate');
  t.equal(networkFault(withCode('CERT_HAS_EXPIRED')), 'certificate');
  t.equal(networkFault(new TypeError('fetch failed', { cause: withCode('ECONNRESET') })), 'reset');
  t.equal(networkFault(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')])), 'refused');
  t.equal(networkFault(new DOMException('late', 'TimeoutError')), 'timeout');
});

t.test('other errors are no network faults, and a cause that goes in circles ends', async (t) => {
  t.equal(networkFault(withCode('ENOENT')), undefined);
  t.equal(networkFault('ECONNREFUSED'), undefined);
  const circle = new Error('x');
  circle.cause = circle;
  t.equal(networkFault(circle), undefined);
});
