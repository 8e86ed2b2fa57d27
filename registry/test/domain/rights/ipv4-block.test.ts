// Blocks of IPv4 addresses: the addresses in one, up to its edges.
import t from 'tap';
import { isInBlock } from '../../../domain/rights/ipv4-block.ts';

const TABLE: [address: string, block: string, isIn: boolean][] = [
  ['10.0.0.0', '10.0.0.0/8', true],
  ['10.255.255.255', '10.0.0.0/8', true],
  ['9.255.255.255', '10.0.0.0/8', false],
  ['11.0.0.0', '10.0.0.0/8', false],
  ['192.0.2.127', '192.0.2.0/25', true],
  ['192.0.2.128', '192.0.2.0/25', false],
  ['192.0.2.7', '192.0.2.99/24', true],
  ['192.0.2.7', '192.0.2.7/32', true],
  ['192.0.2.8', '192.0.2.7/32', false],
  ['0.0.0.0', '0.0.0.0/0', true],
  ['255.255.255.255', '0.0.0.0/0', true],
  ['255.255.255.255', '255.255.255.254/31', true],
  ['127.0.0.1', '128.0.0.0/1', false],
  ['128.0.0.0', '128.0.0.0/1', true],
  ['::1', '0.0.0.0/0', false],
  ['::ffff:10.0.0.1', '10.0.0.0/8', false],
  ['10.0.0', '10.0.0.0/8', false],
  ['10.0.0.1.1', '10.0.0.0/8', false],
  ['', '0.0.0.0/0', false],
];

t.test('an address lies in a block or it does not', async (t) => {
  for (const [address, block, isIn] of TABLE) t.equal(isInBlock(address, block), isIn, `${address} in ${block}`);
});
