/** A set of permissions as bits, in 32-bit words: a permission's bit is the same in every set of one installation. */
export type Bitset = Uint32Array;

export const wordsFor = (bits: number): number => Math.max(1, Math.ceil(bits / 32));

export function bitsetOf(bits: Iterable<number>, words: number): Bitset {
  const set = new Uint32Array(words);
  for (const bit of bits) set[bit >>> 5] = ((set[bit >>> 5] as number) | (1 << (bit & 31))) >>> 0;
  return set;
}

export const hasBit = (set: Bitset, bit: number): boolean => (((set[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;

/** The lowest bits first, without trailing zeros, in base64url: how a set travels in snapshots and tokens. */
export function encodeBitset(set: Bitset): string {
  let bytes = '';
  for (const word of set)
    for (let shift = 0; shift < 32; shift += 8) bytes += String.fromCharCode((word >>> shift) & 0xff);
  return btoa(bytes.replace(/\0+$/, '')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param words how many words the set shall have; bits beyond them are dropped
 * @throws Error for what is not base64url
 */
export function decodeBitset(text: string, words: number): Bitset {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const set = new Uint32Array(words);
  for (let at = 0; at < bytes.length && at >>> 2 < words; at++)
    set[at >>> 2] = ((set[at >>> 2] as number) | (bytes.charCodeAt(at) << ((at & 3) * 8))) >>> 0;
  return set;
}
