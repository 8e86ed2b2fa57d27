// Owns telling whether an IPv4 address is in a block such as 10.0.0.0/8.

const BITS = 32;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * @param block CIDR notation, already checked; bits after the prefix are ignored.
 * @returns false for anything but an IPv4 address.
 */
export function isInBlock(address: string, block: string): boolean {
  if (!ADDRESS.test(address)) return false;
  const [base = '', prefix] = block.split('/');
  // Not a shift: JavaScript shifts by 32 as if by 0, and /0 would hold one address only.
  const blockSize = 2 ** (BITS - Number(prefix));
  return Math.floor(numberOf(address) / blockSize) === Math.floor(numberOf(base) / blockSize);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
