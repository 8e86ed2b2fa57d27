// The encoding that a client gets: the one it prefers of gzip and none.
import t from 'tap';
import { preferredIn } from '../../http/encoding.ts';

const TABLE: [accepted: string | undefined, encoding: 'gzip' | 'identity'][] = [
  ['gzip', 'gzip'],
  ['gzip, deflate, br', 'gzip'],
  ['gzip,deflate', 'gzip'],
  ['br;q=1.0, gzip;q=0.5, *;q=0.1', 'gzip'],
  ['GZIP', 'gzip'],
  ['*', 'gzip'],
  ['identity, gzip', 'identity'],
  ['gzip, identity', 'gzip'],
  ['identity;q=0.5, gzip;q=0.5', 'identity'],
  ['identity;q=0, gzip;q=0.1', 'gzip'],
  [undefined, 'identity'],
  ['', 'identity'],
  ['br', 'identity'],
  ['identity', 'identity'],
  ['gzip;q=0', 'identity'],
  ['gzip;q=0, *', 'identity'],
  ['gzip;q=0, identity;q=0', 'identity'],
  ['identity;q=1, gzip;q=0.5', 'identity'],
  [';;,=', 'identity'],
  ['gzip;q=x', 'identity'],
];

t.test('the weights of the client decide, and what it leaves out is not sent', async (t) => {
  for (const [accepted, encoding] of TABLE) t.equal(preferredIn(accepted), encoding, accepted ?? 'no header');
});

t.test('a header of 16 KB is read in no time', async (t) => {
  t.equal(preferredIn(`${'br;q=0.1,'.repeat(1_800)}gzip`), 'gzip');
  t.equal(preferredIn(' '.repeat(16_000)), 'identity');
});
