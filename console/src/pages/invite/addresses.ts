import { canonicalEmail } from '@latchkey/core/email.ts';

/** Why something that was written is no address. */
export type Fault = 'noAt' | 'noName' | 'noDomain' | 'spaces' | 'tooLong' | 'invalid';

/** One address as somebody wrote it, and as it identifies a person. */
export type Address = { written: string } & ({ email: string } | { fault: Fault });

/** A name with its address in brackets, or anything else up to the next separator. */
const oneOfThem = /(?:"[^"]*"|[^<>,;\n"@])*<([^<>\n]*)>|[^\s,;<>]+/g;

/**
 * Every address in a text: separated by commas, semicolons, spaces or new lines, also as mail programs copy them,
 * `Mei Lin <mei@example.com>`. What is no address stays in the list, so that nobody is left out in silence.
 */
export function readAddresses(text: string): Address[] {
  return [...text.matchAll(oneOfThem)].map(([whole, bracketed]) =>
    readAddress((bracketed?.trim() || whole.trim()).replace(/^mailto:/i, '')),
  );
}

/** Each person once, however often and however written; the first time counts. */
export function mergeAddresses(addresses: readonly Address[]): Address[] {
  const identity = (address: Address): string => ('email' in address ? address.email : `\n${address.written}`);
  return [...Map.groupBy(addresses, identity).values()].flatMap(([first]) => first ?? []);
}

function readAddress(written: string): Address {
  try {
    return { written, email: canonicalEmail(written) };
  } catch {
    return { written, fault: faultOf(written) };
  }
}

function faultOf(written: string): Fault {
  const at = written.lastIndexOf('@');
  if (at === -1) return 'noAt';
  if (/\s/.test(written)) return 'spaces';
  if (at === 0) return 'noName';
  if (written.indexOf('@') !== at) return 'invalid';
  if (!/.\../.test(written.slice(at + 1))) return 'noDomain';
  return written.length > 250 || at > 64 ? 'tooLong' : 'invalid';
}
