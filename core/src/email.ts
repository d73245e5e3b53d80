import { type Problem, problem } from './problem.ts';

const maximumBytes = 254; // RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets
const maximumLocalBytes = 64; // RFC 5321 §4.5.3.1.1
const localPart =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~\-\u{80}-\u{10ffff}]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\-\u{80}-\u{10ffff}]+)*$/u;
/** The platform takes a domain as part of a URL: it would decode these, or take them for the end of the domain. */
const endsDomain = /[/\\?#%:]/;
const invisible = /[\p{C}\p{Z}]/u;
const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * The one form in which an address identifies a person: trimmed, NFC, lower-cased, domain in ASCII (IDNA).
 * Nothing else is folded: `jane+ops@` and `j.ane@` are people of their own.
 * @throws Problem `invalid_parameter`, reason `invalid_email`
 */
export function canonicalEmail(written: string, path = 'email'): string {
  const canonical = tryCanonicalEmail(written);
  if (canonical === undefined) throw invalidEmail(path);
  return canonical;
}

export function isEmail(written: string): boolean {
  return tryCanonicalEmail(written) !== undefined;
}

function tryCanonicalEmail(written: string): string | undefined {
  if (written.length > 1000 || !written.isWellFormed()) return undefined;
  const folded = written.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = folded.lastIndexOf('@');
  const local = folded.slice(0, at);
  if (endsDomain.test(folded.slice(at))) return undefined;
  const host = asciiDomain(folded.slice(at + 1));
  if (at < 1 || folded.endsWith('.') || invisible.test(folded)) return undefined;
  if (!localPart.test(local) || !domain.test(host)) return undefined;
  const canonical = `${local}@${host}`;
  if (bytes(local) > maximumLocalBytes || bytes(canonical) > maximumBytes) return undefined;
  return canonical;
}

/** As the URL standard makes a host of it, which browsers do alike; empty where it is none. */
const asciiDomain = (domain: string): string => URL.parse(`ws://${domain}`)?.hostname ?? '';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function invalidEmail(path: string): Problem {
  return problem('invalid_parameter', path, 'invalid_email', 'Invalid email address');
}
