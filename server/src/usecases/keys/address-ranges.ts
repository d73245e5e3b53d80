import { BlockList, isIP } from 'node:net';

/** Whether an address is in one of the ranges; v4 written as v6 counts as v4. */
export function inRanges(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const { base, prefix, family } of ranges.map(readRange)) list.addSubnet(base, prefix, family);
  const plain = plainAddress(address);
  return list.check(plain, familyOf(plain));
}

/** Whether all of a range is in one of the others. */
export function rangeWithin(ranges: readonly string[], range: string): boolean {
  const inner = readRange(range);
  return ranges.some((outer) => readRange(outer).prefix <= inner.prefix && inRanges([outer], inner.base));
}

export const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;

/** Who counts as one where requests are counted: whoever has an IPv6 address has 2⁶⁴ of them, those of its /64. */
export function subscriberAt(address: string): string {
  const plain = plainAddress(address).split('%', 1)[0] ?? '';
  if (isIP(plain) !== 6) return plain;
  // A URL writes the many forms of an address as one, without leading zeros and without dots.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - groups(head).length - after.length).fill('0');
  return `${[...groups(head), ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

function readRange(range: string): { base: string; prefix: number; family: 'ipv4' | 'ipv6' } {
  const [base = '', prefix] = range.split('/');
  const family = familyOf(base);
  return { base, family, prefix: prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix) };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
